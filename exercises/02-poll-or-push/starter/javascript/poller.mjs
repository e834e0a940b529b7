// A receiver that also polls, and counts what each of the two ways costs.

import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import * as store from "./store.mjs";

const app = express();

const EVENTS = process.env.PROVIDER_URL + "/events";
const POLL_INTERVAL_MS = Number(process.env.POLL_INTERVAL_MS);
const OVERLAP_MS = Number(process.env.OVERLAP_MS);

const counts = { poll: { requests: 0, wait_ms: 0 }, push: { requests: 0 } };

// Push: given.

app.post("/webhook", express.json(), (request, response) => {
  counts.push.requests += 1;
  const event = request.body;
  store.keep(event.id, event, "push");
  response.json({ received: true });
});

// Poll: yours.

// The provider's answer was not a list of events.
class Refused extends Error {
  constructor(response) {
    super(`the provider answered ${response.status}`);
    this.response = response;
  }
}

// Asks the provider for one page of events. Anything but a 200 is an error.
async function ask(query) {
  counts.poll.requests += 1;
  const response = await fetch(`${EVENTS}?${query}`, { signal: AbortSignal.timeout(3000) });
  if (response.status !== 200) throw new Refused(response);
  return response.json();
}

// Keeps what is new, page after page.
async function poll() {
  // TODO: await ask(`since=${...}`) gives the first page. Keep its events: store.keep(id, event, "poll").
  // TODO: while page.next is not null, there is another page: ask(`page=${...}`).
  // TODO: go on where you were: store.cursor() and store.moveCursor(time), and OVERLAP_MS.
}

// Polls, waits, and again.
async function pollForEver() {
  for (;;) {
    let wait = POLL_INTERVAL_MS;
    try {
      await poll();
    } catch (error) {
      console.log(`poll: ${error.message}`);
      // TODO: if the provider asks for a longer wait, wait longer (error.response, of a Refused).
    }
    counts.poll.wait_ms = wait;
    await sleep(wait);
  }
}

// Side by side: given.

app.get("/stats", (request, response) => {
  const kept = store.summary();
  response.json({ poll: { ...kept.poll, ...counts.poll }, push: { ...kept.push, ...counts.push } });
});

pollForEver();
app.listen(Number(process.env.PORT), "127.0.0.1");
