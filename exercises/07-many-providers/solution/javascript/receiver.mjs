// One service for four providers: each has its own way to sign and to tell, and all end in one list.

import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";

const app = express();

// Seconds by which the sender's clock may be away from ours, in either direction.
const TOLERANCE = 300;

// The key of a provider: the text of its secret, as it is.
function secretOf(provider) {
  const name = `${provider.toUpperCase()}_SECRET`;
  const secret = process.env[name] ?? "";
  if (secret === "") {
    console.error(`Set ${name}: without it nobody can be told from the provider.`);
    process.exit(1);
  }
  return secret;
}

const SECRETS = new Map(["stripe", "github", "slack", "shopify"].map((name) => [name, secretOf(name)]));

// From a provider and its id to the record; gone at the next start.
const records = new Map();

// The HMAC over a text and then the body's bytes.
function mac(provider, text, body, encoding = "hex") {
  return createHmac("sha256", SECRETS.get(provider)).update(text).update(body).digest(encoding);
}

function same(expected, found) {
  const [one, other] = [Buffer.from(expected), Buffer.from(found)];
  return one.length === other.length && timingSafeEqual(one, other);
}

// Whether a timestamp is a number of seconds, and near to our clock.
function isFresh(timestamp) {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  return Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE;
}

// The JSON object in the body; an empty one where it holds none.
function readObject(body) {
  try {
    const value = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

const isEmpty = (object) => Object.keys(object).length === 0;
const isText = (value) => typeof value === "string" && value !== "";

const stripe = {
  isAuthentic(header, body) {
    const parts = header("Stripe-Signature").split(",").map((part) => part.split(/=(.*)/s));
    const timestamp = parts.find(([name]) => name === "t")?.[1] ?? "";
    const signatures = parts.filter(([name]) => name === "v1").map(([, value]) => value ?? "");
    const expected = mac("stripe", `${timestamp}.`, body);
    return isFresh(timestamp) && signatures.some((each) => same(expected, each));
  },
  read(header, body) {
    const event = readObject(body);
    return [event.id, event.type];
  },
};

const github = {
  isAuthentic(header, body) {
    return same("sha256=" + mac("github", "", body), header("X-Hub-Signature-256"));
  },
  read(header, body) {
    const event = readObject(body);
    if (isEmpty(event)) return [];
    const kind = header("X-GitHub-Event");
    const type = typeof event.action === "string" ? `${kind}.${event.action}` : kind;
    return [header("X-GitHub-Delivery"), type];
  },
};

const slack = {
  isAuthentic(header, body) {
    const timestamp = header("X-Slack-Request-Timestamp");
    const expected = "v0=" + mac("slack", `v0:${timestamp}:`, body);
    return isFresh(timestamp) && same(expected, header("X-Slack-Signature"));
  },
  read(header, body) {
    if (header("Content-Type").startsWith("application/x-www-form-urlencoded")) {
      const form = new URLSearchParams(body.toString());
      return [form.get("trigger_id"), form.get("command")];
    }
    const event = readObject(body);
    return [event.event_id, event.event?.type];
  },
  // What Slack wants to hear back when somebody enters our address there.
  challenge(body) {
    const event = readObject(body);
    return event.type === "url_verification" ? event.challenge : undefined;
  },
};

const shopify = {
  isAuthentic(header, body) {
    return same(mac("shopify", "", body, "base64"), header("X-Shopify-Hmac-Sha256"));
  },
  read(header, body) {
    if (isEmpty(readObject(body))) return [];
    return [header("X-Shopify-Webhook-Id"), header("X-Shopify-Topic")];
  },
};

const doors = new Map(Object.entries({ stripe, github, slack, shopify }));

// Reads any body as raw bytes into request.body; where there is no body, that is undefined.
const rawBody = express.raw({ type: () => true, limit: "1mb" });

app.post("/in/:provider", rawBody, (request, response) => {
  const provider = request.params.provider;
  const door = doors.get(provider);
  if (door === undefined) {
    response.status(404).json({ error: "nobody delivers here" });
    return;
  }
  const header = (name) => request.get(name) ?? "";
  const body = request.body ?? Buffer.alloc(0);
  if (!door.isAuthentic(header, body)) {
    response.status(401).json({ error: "not signed by this provider" });
    return;
  }
  const challenge = door.challenge?.(body);
  if (typeof challenge === "string") {
    response.type("text/plain").send(challenge);
    return;
  }
  const [id, type] = door.read(header, body);
  if (isText(id) && isText(type)) {
    records.set(`${provider} ${id}`, { provider, id, type });
  }
  response.json({ received: true });
});

app.get("/records", (request, response) => {
  response.json({ records: [...records.values()] });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
