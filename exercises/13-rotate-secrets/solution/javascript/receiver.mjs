// A receiver with many tenants: each has secrets of its own, and they change without a gap.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import express from "express";

const app = express();

// Seconds by which the sender's clock may be away from ours, in either direction.
const TOLERANCE = 300;

const ADMIN_TOKEN = process.env.ADMIN_TOKEN;
if (!ADMIN_TOKEN) {
  console.error("Set ADMIN_TOKEN: without a token anybody could give out secrets.");
  process.exit(1);
}

function equal(one, other) {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

// -- the secrets

const database = new DatabaseSync(join(process.env.DATA_DIR, "secrets.db"));
database.exec(`
  PRAGMA busy_timeout = 10000;
  CREATE TABLE IF NOT EXISTS secrets
    (number INTEGER PRIMARY KEY, tenant TEXT NOT NULL, secret TEXT NOT NULL,
     created INTEGER NOT NULL, ends INTEGER);
`);
const readValid = database.prepare(`
  SELECT secret, created, ends FROM secrets
  WHERE tenant = ? AND (ends IS NULL OR ends > ?) ORDER BY number DESC
`);
const endOlder = database.prepare(
  "UPDATE secrets SET ends = min(coalesce(ends, :end), :end) WHERE tenant = :tenant",
);
const insert = database.prepare("INSERT INTO secrets (tenant, secret, created) VALUES (?, ?, ?)");

// All that a tenant may sign with now, the newest first.
function validSecrets(tenant) {
  return readValid.all(tenant, Date.now());
}

// Gives a tenant a new secret; older ones end in `overlap` milliseconds, or at an earlier end.
function issueSecret(tenant, overlap) {
  const secret = "whsec_" + randomBytes(32).toString("base64");
  database.exec("BEGIN IMMEDIATE");
  try {
    const now = Date.now();
    endOlder.run({ tenant, end: now + overlap });
    insert.run(tenant, secret, now);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
  return secret;
}

// -- deliveries

// Whether a timestamp is a number of seconds, and near to our clock.
function isFresh(timestamp) {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  return Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE;
}

// Whether one of the signatures was made with this secret.
function isAuthentic(secret, signed, signatures) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = "v1," + createHmac("sha256", key).update(signed).digest("base64");
  return signatures.split(" ").some((each) => equal(expected, each));
}

// Whether a tenant has signed this delivery with one of its secrets.
function isFrom(tenant, request, body) {
  const timestamp = request.get("webhook-timestamp") ?? "";
  const signatures = request.get("webhook-signature") ?? "";
  const signed = Buffer.concat([Buffer.from(`${request.get("webhook-id")}.${timestamp}.`), body]);
  const known = validSecrets(tenant).map((each) => each.secret);
  return isFresh(timestamp) && known.some((secret) => isAuthentic(secret, signed, signatures));
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

app.post("/webhook/:tenant", rawBody, (request, response) => {
  const tenant = request.params.tenant;
  const body = request.body ?? Buffer.alloc(0);
  if (!isFrom(tenant, request, body)) {
    response.status(401).json({ error: "not signed by this tenant" });
    return;
  }
  const event = readEvent(body);
  if (event === null) {
    response.status(400).json({ error: "this is no event" });
    return;
  }
  console.log(tenant, event.id, event.type);
  response.json({ received: true });
});

// -- for operators

// Lets nobody pass who does not carry our token.
function operatorsOnly(request, response, next) {
  if (equal(request.get("Authorization") ?? "", `Bearer ${ADMIN_TOKEN}`)) {
    next();
    return;
  }
  response.status(401).json({ error: "not an operator" });
}

app.post("/admin/:tenant/secrets", operatorsOnly, express.json(), (request, response) => {
  const secret = issueSecret(request.params.tenant, request.body.overlap_ms);
  response.status(201).json({ secret });
});

app.get("/admin/:tenant/secrets", operatorsOnly, (request, response) => {
  const secrets = validSecrets(request.params.tenant).map(({ created, ends }) => ({ created, ends }));
  response.json({ secrets });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
