// A receiver for the storm. It knows already who sent a delivery, and when; the ledger is yours to build.

import { createHmac, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import express from "express";

const app = express();

// Seconds by which the sender's clock may be away from ours, in either direction.
const TOLERANCE = 300;

const DATABASE = join(process.env.DATA_DIR, "ledger.db");

// What the base64 of a secret stands for; nothing where it is no base64.
function readKey(secret) {
  const text = secret.replace(/^whsec_/, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : Buffer.alloc(0);
}

// TODO 7: while the secret changes, there is a second one in PREVIOUS_SECRET.
const KEY = readKey(process.env.WEBHOOK_SECRET ?? "");
if (KEY.length === 0) {
  console.error("Set WEBHOOK_SECRET to the secret of this endpoint: whsec_ and base64.");
  process.exit(1);
}

// Whether a timestamp is a number of seconds, and near to our clock.
function isFresh(timestamp) {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  return Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE;
}

function equal(one, other) {
  return one.length === other.length && timingSafeEqual(one, other);
}

// Whether one of the signatures is ours for these three.
function isAuthentic(id, timestamp, body, signatures) {
  const mac = createHmac("sha256", KEY).update(`${id}.${timestamp}.`).update(body);
  const expected = Buffer.from("v1," + mac.digest("base64"));
  return signatures.split(" ").some((each) => equal(expected, Buffer.from(each)));
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

// Does what the event says, once.
function book(event) {
  // TODO 1: keep balances and plans in the database, with DatabaseSync from "node:sqlite".
  // TODO 3: what if you have had this event, or another copy of your program has it at this moment?
  // TODO 4: what if a later version of the plan is there already?
  // TODO 5: what if there is no account in it, or an amount that is none?
  // TODO 6: what if the program ends between two of your lines?
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
  book(event);
  console.log(event.id, event.type);
  response.json({ received: true });
});

app.get("/ledger", (request, response) => {
  // TODO 1: show what is in the database.
  response.json({ balances: {}, plans: {}, set_aside: [] });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
