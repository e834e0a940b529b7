// A receiver that knows one secret, and gets it at its start. Fill in what is marked with TODO.

import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";

const app = express();

// Seconds by which the sender's clock may be away from ours, in either direction.
const TOLERANCE = 300;

// TODO 1: the secrets belong under DATA_DIR, each with the tenant that it was given to.
const SECRET = process.env.WEBHOOK_SECRET;

// TODO 2: what if there is no token?
const ADMIN_TOKEN = process.env.ADMIN_TOKEN;

function equal(one, other) {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

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
  // TODO 1: this tenant's secrets. TODO 3: all of them that are valid now.
  return isFresh(timestamp) && isAuthentic(SECRET, signed, signatures);
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

app.post("/admin/:tenant/secrets", express.json(), (request, response) => {
  // TODO 2: for operators only. Make a secret that nobody can guess, keep it, and say it this once.
  // TODO 3: the older secrets of this tenant end in overlap_ms milliseconds, or at an earlier end.
  response.status(501).json({ error: "not built yet" });
});

app.get("/admin/:tenant/secrets", (request, response) => {
  // TODO 3: for operators only. When each valid secret was made and when it ends, and no more.
  response.status(501).json({ error: "not built yet" });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
