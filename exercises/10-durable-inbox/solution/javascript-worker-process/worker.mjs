// The worker: a process of its own, which makes up to four calls to the bookkeeping at a time.

import * as inbox from "./inbox.mjs";

const BOOKKEEPING = process.env.DOWNSTREAM_URL + "/entries";
const AT_ONCE = 4;
let running = 0;

async function handOver({ owner, id, body, signature }) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": id, "X-Hub-Signature-256": signature };
  const signal = AbortSignal.timeout(inbox.LEASE * 0.6);
  const answer = await fetch(BOOKKEEPING, { method: "POST", headers, body, signal }).catch(() => null);
  if (answer?.ok) inbox.finish(owner);
  else inbox.postpone(owner);
}

// Starts as many calls as there is room for.
function look() {
  while (running < AT_ONCE) {
    const event = inbox.take();
    if (event === undefined) return;
    running += 1;
    handOver(event)
      .catch((error) => console.error(error.message)) // the lease ends, and then it is tried again
      .finally(() => (running -= 1));
  }
}

setInterval(() => {
  try {
    look();
  } catch (error) {
    console.error(error.message);
  }
}, inbox.PAUSE);

process.on("disconnect", () => process.exit()); // the receiver has ended
