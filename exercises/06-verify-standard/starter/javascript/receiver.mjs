// A receiver for Standard Webhooks. Fill in what is marked with TODO.

import express from "express";

const app = express();

// Seconds by which the sender's clock may be away from ours, in either direction.
const TOLERANCE = 300;

// What the base64 of a secret stands for; nothing where it is no base64.
function readKey(secret) {
  // TODO 1: these are the letters of the text itself, with whsec_ in front.
  return Buffer.from(secret);
}

// TODO 4: what if there is no secret, or none that holds a key?
const KEY = readKey(process.env.WEBHOOK_SECRET ?? "");

// Whether a timestamp is a number of seconds, and near to our clock.
function isFresh(timestamp) {
  // TODO 3: look at the text first, then compare it with Date.now().
  return true;
}

// Whether one of the signatures is ours for these three.
function isAuthentic(id, timestamp, body, signatures) {
  // TODO 1: compute the signature that you expect, over all three.
  // TODO 2: look whether it is one of the list.
  return true;
}

// The event, or null where the bytes hold none.
function readEvent(body) {
  const event = JSON.parse(body); // TODO 4: what if it is no JSON?
  if (typeof event !== "object" || event === null) return null;
  return event.id === undefined || event.type === undefined ? null : event;
}

// Reads any body as raw bytes into request.body; where there is no body, that is undefined.
const rawBody = express.raw({ type: () => true, limit: "1mb" });

app.post("/webhook", rawBody, (request, response) => {
  const body = request.body ?? Buffer.alloc(0);
  const id = request.get("webhook-id") ?? "";
  const timestamp = request.get("webhook-timestamp") ?? "";
  const signatures = request.get("webhook-signature") ?? "";
  if (!isAuthentic(id, timestamp, body, signatures)) {
    response.status(401).json({ error: "no signature matches" });
    return;
  }
  if (!isFresh(timestamp)) {
    response.status(401).json({ error: "it was not signed just now" });
    return;
  }
  const event = readEvent(body);
  if (event === null) {
    response.status(400).json({ error: "this is no event" });
    return;
  }
  console.log(event.id, event.type);
  response.json({ received: true });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
