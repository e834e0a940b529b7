// A receiver for payments: it credits each of them exactly once, however often its event arrives.

import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";
import * as ledger from "./ledger.mjs";

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

// Lends a connection of its own to each piece of work.
function withDatabase(work) {
  const database = ledger.open();
  try {
    return work(database);
  } finally {
    database.close(); // takes back what was not committed
  }
}

withDatabase((database) => {
  database.exec("CREATE TABLE IF NOT EXISTS processed (event_id TEXT PRIMARY KEY) WITHOUT ROWID");
});

// Credits the account, and takes it back where the key says that this event did so before.
function creditOnce(event) {
  withDatabase((database) => {
    database.exec("BEGIN IMMEDIATE");
    ledger.credit(database, event.data.account, event.data.amount);
    try {
      database.prepare("INSERT INTO processed (event_id) VALUES (?)").run(event.id);
    } catch (error) {
      if (!error.message.startsWith("UNIQUE constraint failed")) throw error;
      database.exec("ROLLBACK");
      return;
    }
    database.exec("COMMIT");
  });
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
  if (event.type === "payment.succeeded") creditOnce(event);
  response.json({ received: true });
});

// What a route throws comes here.
app.use((error, request, response, next) => {
  if (!(error instanceof ledger.LedgerUnavailable)) return next(error);
  response.status(503).json({ error: error.message });
});

app.get("/accounts/:account", (request, response) => {
  response.json({ balance: withDatabase((database) => ledger.balance(database, request.params.account)) });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
