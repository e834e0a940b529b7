// The worker: a process of its own, which makes up to four calls to the bookkeeping at a time.

import * as inbox from "./inbox.mjs";

const BOOKKEEPING = process.env.DOWNSTREAM_URL + "/entries";
const AT_ONCE = 4;
const MOST_ATTEMPTS = 5;
let running = 0;

// Makes the call; returns why it failed and whether that is for good, or null.
async function handOver({ id, body, signature }) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": id, "X-Hub-Signature-256": signature };
  const signal = AbortSignal.timeout(inbox.LEASE * 0.6);
  try {
    const { ok, status } = await fetch(BOOKKEEPING, { method: "POST", headers, body, signal });
    const forGood = status >= 400 && status < 500 && status !== 408 && status !== 429;
    return ok ? null : { reason: `status ${status}`, forGood };
  } catch (error) {
    return { reason: `no answer (${error.message})`, forGood: false };
  }
}

async function workOn(event) {
  if (event.attempts > MOST_ATTEMPTS) {
    inbox.bury(event.owner, MOST_ATTEMPTS, "it died with its worker in the last attempt");
    return;
  }
  const failure = await handOver(event);
  if (failure === null) inbox.finish(event.owner);
  else if (failure.forGood || event.attempts === MOST_ATTEMPTS) inbox.bury(event.owner, event.attempts, failure.reason);
  else inbox.postpone(event.owner, event.attempts);
}

// Starts as many calls as there is room for.
function look() {
  while (running < AT_ONCE) {
    const event = inbox.take();
    if (event === undefined) return;
    running += 1;
    workOn(event)
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
