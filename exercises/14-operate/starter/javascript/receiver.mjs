// A receiver that does its work, and that nobody can operate yet. Fill in what is marked with TODO.

import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";
import { work } from "./work.mjs";

const app = express();

const SECRET = process.env.WEBHOOK_SECRET;
if (!SECRET) {
  console.error("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.");
  process.exit(1);
}

const MAX_IN_WORK = Number(process.env.MAX_IN_WORK); // TODO 2: no more than so many at once

// TODO 5: count each verdict.

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
  const named = typeof event?.id === "string" && typeof event?.type === "string";
  return named ? event : null;
}

// Reads any body as raw bytes into request.body; where there is no body, that is undefined.
// TODO 1: a body may have 1 MiB, and not a byte more. Express waits for the end of one that is too large: you need not.
const rawBody = express.raw({ type: () => true });

app.post("/webhook", rawBody, async (request, response) => {
  const body = request.body ?? Buffer.alloc(0);
  // TODO 3: whatever happens below, print one line of JSON for this delivery.
  if (!isAuthentic(body, request.get("X-Hub-Signature-256") ?? "")) {
    response.status(401).json({ error: "refused" });
    return;
  }
  const event = readEvent(body);
  if (event === null) {
    response.status(400).json({ error: "invalid" });
    return;
  }
  // TODO 4: the work can fail.
  await work(event);
  response.status(202).json({ received: true });
});

app.get("/metrics", (request, response) => {
  // TODO 5: a line for each verdict, and one that says how many deliveries are in work.
  response.type("text/plain").send("webhook_in_work 0\n");
});

// TODO 4: Express answers with pages for people, and a machine asked.

app.listen(Number(process.env.PORT), "127.0.0.1");
