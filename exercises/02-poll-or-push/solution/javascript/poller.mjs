// A receiver that also polls, and counts what each of the two ways costs.

import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import * as store from "./store.mjs";

const app = express();

const EVENTS = process.env.PROVIDER_URL + "/events";
const POLL_INTERVAL_MS = Number(process.env.POLL_INTERVAL_MS);
const OVERLAP_MS = Number(process.env.OVERLAP_MS);

const counts = { poll: { requests: 0, wait_ms: 0 }, push: { requests: 0 } };

// Push.

app.post("/webhook", express.json(), (request, response) => {
  counts.push.requests += 1;
  const event = request.body;
  store.keep(event.id, event, "push");
  response.json({ received: true });
});

// Poll.

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

// Keeps what is new, page after page; the cursor follows behind.
async function poll() {
  let page = await ask(`since=${Math.max(0, store.cursor() - OVERLAP_MS)}`);
  for (;;) {
    for (const event of page.events) store.keep(event.id, event, "poll");
    const newest = page.events.at(-1);
    if (newest) store.moveCursor(Math.max(newest.created, store.cursor()));
    if (page.next === null) return;
    page = await ask(`page=${page.next}`);
  }
}

// Polls, waits, and again. Whatever fails, the cursor still says where to go on.
async function pollForEver() {
  for (;;) {
    let wait = POLL_INTERVAL_MS;
    try {
      await poll();
    } catch (error) {
      console.log(`poll: ${error.message}`);
      wait = Math.max(wait, askedToWait(error));
    }
    counts.poll.wait_ms = wait;
    await sleep(wait);
  }
}

// For how many milliseconds the provider wants to be left alone.
function askedToWait(error) {
  const seconds = error.response?.headers.get("Retry-After") ?? "";
  return /^\d+$/.test(seconds) ? Number(seconds) * 1000 : 0;
}

// Side by side.

app.get("/stats", (request, response) => {
  const kept = store.summary();
  response.json({ poll: { ...kept.poll, ...counts.poll }, push: { ...kept.push, ...counts.push } });
});

pollForEver();
app.listen(Number(process.env.PORT), "127.0.0.1");
