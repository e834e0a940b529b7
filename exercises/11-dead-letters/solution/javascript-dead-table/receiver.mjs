// A receiver that keeps what it acknowledges, and what it gave up. The work is done by worker.mjs.

import { fork } from "node:child_process";
import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";
import * as inbox from "./inbox.mjs";

const app = express();

const SECRET = process.env.WEBHOOK_SECRET;
if (!SECRET) {
  console.error("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.");
  process.exit(1);
}

// Whether the signature is the one that the provider makes for these bytes with our secret.
function isAuthentic(body, signature) {
  const expected = Buffer.from("sha256=" + createHmac("sha256", SECRET).update(body).digest("hex"));
  const received = Buffer.from(signature);
  return expected.length === received.length && timingSafeEqual(expected, received);
}

// The event, or null where the bytes hold none.
function readEvent(body) {
  let event;
  try {
    event = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof event !== "object" || event === null) return null;
  return event.id === undefined || event.type === undefined ? null : event;
}

// Reads any body as raw bytes into request.body; where there is no body, that is undefined.
const rawBody = express.raw({ type: () => true, limit: "1mb" });

app.post("/webhook", rawBody, (request, response) => {
  const body = request.body ?? Buffer.alloc(0);
  const signature = request.get("X-Hub-Signature-256") ?? "";
  if (!isAuthentic(body, signature)) {
    response.status(401).json({ error: "the signature does not match" });
    return;
  }
  const event = readEvent(body);
  if (event === null) {
    response.status(400).json({ error: "this is no event" });
    return;
  }
  inbox.keep(event.id, body, signature); // what it throws becomes a 500
  response.status(204).end();
});

app.get("/inbox/:id", (request, response) => {
  const state = inbox.state(request.params.id);
  response.status(state ? 200 : 404).json(state ?? { status: "unknown" });
});

app.get("/dead", (request, response) => {
  response.json({ dead: inbox.allDead() });
});

app.post("/dead/:id/replay", (request, response) => {
  response.status(inbox.revive(request.params.id) ? 204 : 404).end();
});

fork("./worker.mjs");
app.listen(Number(process.env.PORT), "127.0.0.1");
