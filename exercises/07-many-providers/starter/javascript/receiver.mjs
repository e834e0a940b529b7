// One service for four providers. GitHub's door works; fill in what is marked with TODO.

import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";

const app = express();

// TODO 7: what if one of these is missing or empty?
const SECRETS = {
  stripe: process.env.STRIPE_SECRET ?? "",
  github: process.env.GITHUB_SECRET ?? "",
  slack: process.env.SLACK_SECRET ?? "",
  shopify: process.env.SHOPIFY_SECRET ?? "",
};

const records = []; // TODO 6: the same event again is one record

// The HMAC over a text and then the body's bytes.
function mac(provider, text, body, encoding = "hex") {
  return createHmac("sha256", SECRETS[provider]).update(text).update(body).digest(encoding);
}

function same(expected, found) {
  const [one, other] = [Buffer.from(expected), Buffer.from(found)];
  return one.length === other.length && timingSafeEqual(one, other);
}

// For each provider: who sent it, and what it says, [id, type]. `header("Name")` is a header's text, or "".

const stripe = {
  isAuthentic(header, body) {
    // TODO 1 and 2: what is signed, and where does the time stand? TODO 3: several v1. TODO 4: is it fresh?
    return false;
  },
  read(header, body) {
    return []; // TODO 1
  },
};

const github = {
  isAuthentic(header, body) {
    return same("sha256=" + mac("github", "", body), header("X-Hub-Signature-256"));
  },
  read(header, body) {
    const event = JSON.parse(body); // TODO 7: what if this is no JSON object?
    const kind = header("X-GitHub-Event");
    return [header("X-GitHub-Delivery"), event.action ? `${kind}.${event.action}` : kind];
  },
};

const slack = {
  isAuthentic(header, body) {
    // TODO 1 and 2: what is signed? TODO 4: is it fresh?
    return false;
  },
  read(header, body) {
    return []; // TODO 1, and 5: it may be a form
  },
};

const shopify = {
  isAuthentic(header, body) {
    // TODO 1 and 2: how is it written?
    return false;
  },
  read(header, body) {
    return []; // TODO 1
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
  // TODO 5: Slack's challenge
  const [id, type] = door.read(header, body);
  records.push({ provider, id, type });
  response.json({ received: true });
});

app.get("/records", (request, response) => {
  response.json({ records });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
