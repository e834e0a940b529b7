// A receiver that hands events over to the bookkeeping. Fill in what is marked with TODO.

import { createHmac, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";

const app = express();

const SECRET = process.env.WEBHOOK_SECRET;
if (!SECRET) {
  console.error("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.");
  process.exit(1);
}

const BOOKKEEPING = process.env.DOWNSTREAM_URL + "/entries";
const LEASE = Number(process.env.LEASE_MS);
const PAUSE = Number(process.env.PAUSE_MS);

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

const database = new DatabaseSync(join(process.env.DATA_DIR, "inbox.db"));
database.exec("PRAGMA busy_timeout = 5000"); // waits so long for another process that writes
// TODO 1: a table, where it is missing. What will the worker need of each delivery?

// Tells the bookkeeping, and returns its status. No answer at all is an exception.
async function handOver(eventId, body, signature) {
  const response = await fetch(BOOKKEEPING, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": eventId,
      "X-Hub-Signature-256": signature,
    },
    body,
    // TODO 4: how long may this take?
  });
  return response.status;
}

// Works for ever: takes an event that nobody works on, hands it over, remembers that it is done.
async function work() {
  for (;;) {
    // TODO 3: ... and survives whatever fails.
    await sleep(PAUSE);
  }
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
  console.log(event.id, event.type);
  // TODO 2: from here on only this promise knows of the event. Keep it instead, and let the worker hand it over.
  handOver(event.id, body, signature).catch((error) => console.log(`${event.id}: ${error.message}`));
  response.status(202).json({ received: true });
});

// TODO 5: GET /inbox/:id

work();
app.listen(Number(process.env.PORT), "127.0.0.1");
