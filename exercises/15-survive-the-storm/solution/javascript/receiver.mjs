// A receiver that books each event once, whatever the weather: one delivery, one transaction.

import { createHmac, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import express from "express";

const app = express();

// Seconds by which the sender's clock may be away from ours, in either direction.
const TOLERANCE = 300;

// Who sent it, and when.

// What the base64 of a secret stands for; nothing where it is no base64.
function readKey(secret) {
  const text = secret.replace(/^whsec_/, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : Buffer.alloc(0);
}

const SECRETS = [process.env.WEBHOOK_SECRET ?? "", process.env.PREVIOUS_SECRET ?? ""];
const KEYS = SECRETS.map(readKey).filter((key) => key.length > 0);
if (KEYS.length === 0) {
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

// Whether one of the signatures was made for these three with one of our secrets.
function isAuthentic(id, timestamp, body, signatures) {
  const given = signatures.split(" ").map((each) => Buffer.from(each));
  return KEYS.some((key) => {
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body);
    const expected = Buffer.from("v1," + mac.digest("base64"));
    return given.some((each) => equal(expected, each));
  });
}

// What it says.

const isText = (value) => typeof value === "string";

// The event, or null where the bytes hold none.
function readEvent(body) {
  let event;
  try {
    event = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof event !== "object" || event === null) return null;
  return isText(event.id) && isText(event.type) ? event : null;
}

const isWhole = (value) => Number.isInteger(value) && value >= 1;

// What an event of each of our types needs to be booked.
const FITS = {
  "payment.received": (data) => isWhole(data.amount),
  "payment.refunded": (data) => isWhole(data.amount),
  "account.changed": (data) => isWhole(data.version) && isText(data.plan),
  "account.closed": (data) => isWhole(data.version),
};

// The ledger. An account whose plan is NULL is closed, which is remembered.

const database = new DatabaseSync(join(process.env.DATA_DIR, "ledger.db"));
database.exec(`
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, set_aside INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS balances (account TEXT PRIMARY KEY, balance INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS plans (account TEXT PRIMARY KEY, version INTEGER NOT NULL, plan TEXT);
`);

const remember = database.prepare("INSERT INTO events VALUES (?, ?) ON CONFLICT DO NOTHING");
const move = database.prepare(
  "INSERT INTO balances VALUES (:account, :amount)" +
    " ON CONFLICT (account) DO UPDATE SET balance = balance + :amount",
);
const setPlan = database.prepare(
  "INSERT INTO plans VALUES (:account, :version, :plan)" +
    " ON CONFLICT (account) DO UPDATE SET version = :version, plan = :plan WHERE :version > plans.version",
);
const balances = database.prepare("SELECT account, balance FROM balances");
const plans = database.prepare("SELECT account, plan FROM plans WHERE plan IS NOT NULL");
const setAside = database.prepare("SELECT id FROM events WHERE set_aside");

const BOOKINGS = {
  "payment.received": ({ account, amount }) => move.run({ account, amount }),
  "payment.refunded": ({ account, amount }) => move.run({ account, amount: -amount }),
  "account.changed": ({ account, version, plan }) => setPlan.run({ account, version, plan }),
  "account.closed": ({ account, version }) => setPlan.run({ account, version, plan: null }),
};

// Does all of it or nothing.
function inTransaction(work) {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

// Remembers the event and does what it says, both or neither; one that we have changes nothing.
function book(event) {
  const data = event.data;
  const wellMade = typeof data === "object" && data !== null && isText(data.account) && FITS[event.type](data);
  inTransaction(() => {
    const isNew = remember.run(event.id, wellMade ? 0 : 1).changes === 1;
    if (isNew && wellMade) BOOKINGS[event.type](data);
  });
}

// The routes.

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
  if (Object.hasOwn(BOOKINGS, event.type)) book(event);
  console.log(event.id, event.type);
  response.json({ received: true });
});

app.get("/ledger", (request, response) => {
  response.json({
    balances: Object.fromEntries(balances.all().map(({ account, balance }) => [account, balance])),
    plans: Object.fromEntries(plans.all().map(({ account, plan }) => [account, plan])),
    set_aside: setAside.all().map(({ id }) => id),
  });
});

// What a route throws comes here.
app.use((error, request, response, next) => {
  if (error.code !== "ERR_SQLITE_ERROR") return next(error);
  response.status(503).json({ error: "it could not be stored now" });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
