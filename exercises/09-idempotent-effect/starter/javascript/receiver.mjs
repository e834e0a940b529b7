// A receiver for payments. Fill in what is marked with TODO.

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

const database = ledger.open();
// TODO 2: a table for the ids of the events that are done, where it is missing.

// Credits the account of this event, exactly once.
function creditOnce(event) {
  // TODO 1: call ledger.credit(database, account, amount), in a transaction.
  // TODO 3: ... unless this event did so before. Think about what happens between any two lines.
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
  // TODO 4: what should the provider hear when creditOnce could not do it?
  response.json({ received: true });
});

app.get("/accounts/:account", (request, response) => {
  response.json({ balance: ledger.balance(database, request.params.account) });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
