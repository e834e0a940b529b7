// A receiver that stores each event first and books it later, in a worker: an inbox in front of the ledger.

import { createHmac, timingSafeEqual } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { putIntoInbox, showLedger, workOnce } from "./ledger.mjs";

// Milliseconds for which the worker pauses when there is nothing to do.
const PAUSE = 10;

const keys = [process.env.WEBHOOK_SECRET, process.env.PREVIOUS_SECRET]
  .map((secret) => (secret ?? "").replace(/^whsec_/, ""))
  .filter((text) => /^[A-Za-z0-9+/]+={0,2}$/.test(text))
  .map((text) => Buffer.from(text, "base64"));
if (keys.length === 0) {
  console.error("Set WEBHOOK_SECRET.");
  process.exit(1);
}

// Whether a request was signed by the provider, just now.
function isGenuine(request, body) {
  const id = request.get("webhook-id") ?? "";
  const timestamp = request.get("webhook-timestamp") ?? "";
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const items = (request.get("webhook-signature") ?? "").split(" ");
  return keys.some((key) => {
    const right = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
    const wanted = Buffer.from(`v1,${right}`);
    return items
      .map((item) => Buffer.from(item))
      .some((item) => item.length === wanted.length && timingSafeEqual(item, wanted));
  });
}

const app = express();

app.post("/webhook", express.raw({ type: () => true }), (request, response) => {
  const body = request.body ?? Buffer.alloc(0);
  if (!isGenuine(request, body)) return response.status(401).json({ error: "not genuine" });
  let event;
  try {
    event = JSON.parse(body);
  } catch {
    event = null;
  }
  if (event?.id === undefined || event.type === undefined) {
    return response.status(400).json({ error: "this is no event" });
  }
  putIntoInbox(event, body);
  return response.status(202).json({ received: true });
});

app.get("/ledger", (request, response) => response.json(showLedger()));

app.use((error, request, response, next) => {
  response.status(503).json({ error: "it could not be stored now" });
});

// Books what is in the inbox, for ever; an error ends one attempt, never the worker.
async function work() {
  for (;;) {
    let worked = false;
    try {
      worked = workOnce();
    } catch (error) {
      console.error(`worker: ${error.message}`);
    }
    await (worked ? new Promise(setImmediate) : sleep(PAUSE));
  }
}

work();
app.listen(Number(process.env.PORT), "127.0.0.1");
