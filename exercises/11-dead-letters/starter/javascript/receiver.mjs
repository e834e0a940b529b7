// A receiver that tries again at once and for ever. Fill in what is marked with TODO.

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
const RETRY_BASE = Number(process.env.RETRY_BASE_MS);
const MOST_ATTEMPTS = 5;

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

// The inbox: `free_at` is when a worker may take the event, in milliseconds.
// TODO 1: the attempts, the latest wait, and a reason for the dead.

const database = new DatabaseSync(join(process.env.DATA_DIR, "inbox.db"));
database.exec(`
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS inbox (
    event_id TEXT PRIMARY KEY,
    body BLOB NOT NULL,
    signature TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    free_at INTEGER NOT NULL DEFAULT 0
  );
`);

const insert = database.prepare(
  "INSERT INTO inbox (event_id, body, signature) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
);
const firstFree = database.prepare(
  "SELECT * FROM inbox WHERE status = 'pending' AND free_at <= ? ORDER BY rowid LIMIT 1",
);
const lease = database.prepare("UPDATE inbox SET free_at = ? WHERE event_id = ? AND free_at = ?");
const setDone = database.prepare("UPDATE inbox SET status = 'done' WHERE event_id = ?");
const setFree = database.prepare("UPDATE inbox SET free_at = ? WHERE event_id = ?");
const statusOf = database.prepare("SELECT status FROM inbox WHERE event_id = ?");

// Takes an event for the time of a lease, so that no other worker does; null where none is free.
// TODO 2: count the attempt, here or later?
function claim() {
  const now = Date.now();
  const row = firstFree.get(now);
  if (row === undefined) return null;
  return lease.run(now + LEASE, row.event_id, row.free_at).changes === 1 ? row : null;
}

// The worker.

// Tells the bookkeeping; true when it has the event. It gives up well before the lease ends.
// TODO 4: two kinds of false: not now, and never.
async function handOver(row) {
  try {
    const response = await fetch(BOOKKEEPING, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Idempotency-Key": row.event_id,
        "X-Hub-Signature-256": row.signature,
      },
      body: row.body,
      signal: AbortSignal.timeout(LEASE / 2),
    });
    return response.ok;
  } catch (error) {
    console.log(`${row.event_id}: ${error.message}`);
    return false;
  }
}

// Works on one event; false when there was nothing to do.
async function workOnce() {
  const row = claim();
  if (row === null) return false;
  if (await handOver(row)) setDone.run(row.event_id);
  else setFree.run(Date.now() + PAUSE, row.event_id);
  // TODO 3: a wait that doubles each time, with chance in it. TODO 5: unless it was the last attempt.
  return true;
}

// Works for ever. An error ends one attempt, never the worker: the inbox still has the event.
async function work() {
  for (;;) {
    let worked = false;
    try {
      worked = await workOnce();
    } catch (error) {
      console.error(`worker: ${error.message}`);
    }
    if (!worked) await sleep(PAUSE);
  }
}

// The routes.

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
  insert.run(event.id, body, signature);
  console.log(event.id, event.type);
  response.status(202).json({ received: true });
});

app.get("/inbox/:id", (request, response) => {
  const found = statusOf.get(request.params.id);
  if (found === undefined) response.status(404).json({ error: "no such event" });
  else response.json({ status: found.status });
});

// TODO 6: GET /dead, and POST /dead/:id/replay

// What a route throws comes here.
app.use((error, request, response, next) => {
  if (error.code !== "ERR_SQLITE_ERROR") return next(error);
  response.status(503).json({ error: error.message });
});

work();
app.listen(Number(process.env.PORT), "127.0.0.1");
