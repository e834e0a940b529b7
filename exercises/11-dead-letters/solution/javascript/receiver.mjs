// A receiver that tries again with patience, gives up in the end, and keeps what it gave up.

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
const TRY_LATER = [408, 429];

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

const database = new DatabaseSync(join(process.env.DATA_DIR, "inbox.db"));
database.exec(`
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS inbox (
    event_id TEXT PRIMARY KEY,
    body BLOB NOT NULL,
    signature TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    free_at INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    wait_ms INTEGER,
    reason TEXT
  );
`);

const insert = database.prepare(
  "INSERT INTO inbox (event_id, body, signature) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
);
const firstFree = database.prepare(
  "SELECT * FROM inbox WHERE status = 'pending' AND free_at <= ? ORDER BY free_at, rowid LIMIT 1",
);
const lease = database.prepare(
  "UPDATE inbox SET free_at = ?, attempts = attempts + 1 WHERE event_id = ? AND free_at = ?",
);
const setDone = database.prepare("UPDATE inbox SET status = 'done' WHERE event_id = ?");
const setFree = database.prepare("UPDATE inbox SET free_at = ?, wait_ms = ?, reason = ? WHERE event_id = ?");
const setDead = database.prepare(
  "UPDATE inbox SET status = 'dead', attempts = ?, reason = ? WHERE event_id = ?",
);
const setAlive = database.prepare(
  "UPDATE inbox SET status = 'pending', attempts = 0, free_at = 0 WHERE event_id = ? AND status = 'dead'",
);
const stateOf = database.prepare("SELECT status, attempts, wait_ms FROM inbox WHERE event_id = ?");
const allDead = database.prepare("SELECT event_id AS id, attempts, reason FROM inbox WHERE status = 'dead'");

// Takes an event for the time of a lease, and counts the attempt before it is made; null where none is free.
function claim() {
  const now = Date.now();
  const row = firstFree.get(now);
  if (row === undefined) return null;
  const { changes } = lease.run(now + LEASE, row.event_id, row.free_at);
  return changes === 1 ? { ...row, attempts: row.attempts + 1 } : null;
}

// Lets the event be taken again after a wait that doubles each time, and is never the same for two.
function putBack(row, reason) {
  const longest = RETRY_BASE * 2 ** (row.attempts - 1);
  const wait = Math.round(longest / 2 + (Math.random() * longest) / 2);
  setFree.run(Date.now() + wait, wait, reason, row.event_id);
}

// The worker.

// The bookkeeping does not have the event; `forGood` says that it never will.
class Failed extends Error {
  constructor(reason, forGood) {
    super(reason);
    this.forGood = forGood;
  }
}

// Tells the bookkeeping. It gives up well before the lease ends.
async function handOver(row) {
  let response;
  try {
    response = await fetch(BOOKKEEPING, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Idempotency-Key": row.event_id,
        "X-Hub-Signature-256": row.signature,
      },
      body: row.body,
      signal: AbortSignal.timeout(LEASE / 2),
    });
  } catch (error) {
    throw new Failed(`the bookkeeping did not answer: ${error.message}`, false);
  }
  if (response.ok) return;
  const forGood = response.status >= 400 && response.status < 500 && !TRY_LATER.includes(response.status);
  throw new Failed(`the bookkeeping answered ${response.status}`, forGood);
}

// Works on one event; false when there was nothing to do.
async function workOnce() {
  const row = claim();
  if (row === null) return false;
  if (row.attempts > MOST_ATTEMPTS) {
    // The last attempt never came to an end: the program did.
    setDead.run(MOST_ATTEMPTS, "the program ended during the last attempt", row.event_id);
    return true;
  }
  try {
    await handOver(row);
    setDone.run(row.event_id);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    console.log(`${row.event_id}, attempt ${row.attempts}: ${error.message}`);
    if (error.forGood || row.attempts === MOST_ATTEMPTS) setDead.run(row.attempts, error.message, row.event_id);
    else putBack(row, error.message);
  }
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
  const found = stateOf.get(request.params.id);
  if (found === undefined) response.status(404).json({ error: "no such event" });
  else response.json(found);
});

app.get("/dead", (request, response) => {
  response.json({ dead: allDead.all() });
});

app.post("/dead/:id/replay", (request, response) => {
  const { changes } = setAlive.run(request.params.id);
  if (changes === 0) response.status(404).json({ error: "no such dead event" });
  else response.status(202).json({ replayed: request.params.id });
});

// What a route throws comes here.
app.use((error, request, response, next) => {
  if (error.code !== "ERR_SQLITE_ERROR") return next(error);
  response.status(503).json({ error: error.message });
});

work();
app.listen(Number(process.env.PORT), "127.0.0.1");
