// A poller whose cursor is the provider's clock, as the first page of the last whole walk told it.

import http from "node:http";
import express from "express";
import * as store from "./store.mjs";

const interval = parseInt(process.env.POLL_INTERVAL_MS, 10);
const overlap = parseInt(process.env.OVERLAP_MS, 10);
const poll = { requests: 0, wait_ms: 0 };
let deliveries = 0;

// Ends with the JSON of a page, or with how many seconds to wait (0 where nobody said).
function get(query, done) {
  poll.requests++;
  const request = http.get(`${process.env.PROVIDER_URL}/events?${query}`, { timeout: 3000 }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (part) => (text += part));
    response.on("end", () => {
      let page = null;
      try {
        page = JSON.parse(text);
      } catch {
        // no JSON is no page
      }
      if (response.statusCode === 200 && Array.isArray(page?.events)) done(page, 0);
      else done(null, Number(response.headers["retry-after"] ?? 0));
    });
  });
  request.on("timeout", () => request.destroy(new Error("too late")));
  request.on("error", () => done(null, 0));
}

function walk(query, clock) {
  get(query, (page, seconds) => {
    if (page === null) return again(seconds);
    for (const event of page.events) store.keep(event.id, event, "poll");
    if (page.next !== null) return walk(`page=${page.next}`, clock ?? page.now);
    store.moveCursor(clock ?? page.now);
    again(0);
  });
}

function again(seconds) {
  poll.wait_ms = Math.max(interval, seconds * 1000);
  setTimeout(begin, poll.wait_ms);
}

function begin() {
  walk(`since=${Math.max(0, store.cursor() - overlap)}`, null);
}

const app = express();
app.use(express.json());
app.post("/webhook", (request, response) => {
  deliveries++;
  store.keep(request.body.id, request.body, "push");
  response.sendStatus(200);
});
app.get("/stats", (request, response) => {
  const { poll: asked, push } = store.summary();
  response.json({ poll: { ...asked, ...poll }, push: { ...push, requests: deliveries } });
});
app.listen(process.env.PORT, "127.0.0.1", begin);
