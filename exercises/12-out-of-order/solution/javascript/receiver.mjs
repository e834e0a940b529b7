// A receiver that ends in the latest state, in whatever order the events arrive.

import { createHmac, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import express from "express";

const app = express();

const SECRET = process.env.WEBHOOK_SECRET;
if (!SECRET) {
  console.error("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.");
  process.exit(1);
}

const STATES = new Set(["order.created", "order.updated", "order.cancelled", "order.deleted"]);

const database = new DatabaseSync(join(process.env.DATA_DIR, "receiver.db"));
database.exec(`
  PRAGMA busy_timeout = 10000;
  CREATE TABLE IF NOT EXISTS orders
    (id TEXT PRIMARY KEY, version INTEGER NOT NULL, status TEXT NOT NULL, total INTEGER);
`);

// Look and write are one step. A deleted order keeps its row, as a tombstone.
const write = database.prepare(`
  INSERT INTO orders VALUES (:order, :version, :status, :total)
  ON CONFLICT (id) DO UPDATE SET version = :version, status = :status, total = :total
  WHERE :version > orders.version
`);
const read = database.prepare("SELECT version, status, total FROM orders WHERE id = ?");

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

// Takes a state over, unless we have one of this version or a later one.
function apply({ order, version, status, total }) {
  write.run({ order, version, status, total: total ?? null });
}

// Asks the provider for the state of an order; null when it knows no such order.
async function fetchState(order) {
  const answer = await fetch(`${process.env.API_URL}/orders/${order}`, { signal: AbortSignal.timeout(3000) });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

// Reads any body as raw bytes into request.body; where there is no body, that is undefined.
const rawBody = express.raw({ type: () => true, limit: "1mb" });

app.post("/webhook", rawBody, async (request, response) => {
  const body = request.body ?? Buffer.alloc(0);
  if (!isAuthentic(body, request.get("X-Hub-Signature-256") ?? "")) {
    response.status(401).json({ error: "the signature does not match" });
    return;
  }
  const event = readEvent(body);
  if (event === null) {
    response.status(400).json({ error: "this is no event" });
    return;
  }
  if (STATES.has(event.type)) {
    apply(event.data);
  } else if (event.type === "order.changed") {
    let state;
    try {
      state = await fetchState(event.data.order);
    } catch {
      response.status(503).json({ error: "the order could not be asked for" });
      return;
    }
    if (state !== null) apply(state);
  }
  response.json({ received: true });
});

app.get("/orders/:order", (request, response) => {
  const row = read.get(request.params.order);
  if (row === undefined || row.status === "deleted") {
    response.status(404).json({ error: "there is no such order" });
    return;
  }
  response.json({ order: request.params.order, ...row });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
