// A receiver that can be operated: it has limits, says what it does, and keeps what is not for everybody.

import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";
import { work } from "./work.mjs";

const app = express();

const SECRET = process.env.WEBHOOK_SECRET;
if (!SECRET) {
  console.error("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.");
  process.exit(1);
}

const MAX_BYTES = 1024 * 1024;
const MAX_IN_WORK = Number(process.env.MAX_IN_WORK);

let inWork = 0;
const verdicts = ["accepted", "refused", "invalid", "too-large", "busy", "failed"];
const deliveries = new Map(verdicts.map((verdict) => [verdict, 0]));

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

// Counts and logs what became of a delivery, and answers it.
function finish(response, verdict, status, event = null) {
  deliveries.set(verdict, deliveries.get(verdict) + 1);
  const line = {
    event_id: event?.id ?? null,
    type: event?.type ?? null,
    verdict,
    status,
    ms: Math.round(performance.now() - response.locals.began),
  };
  console.log(JSON.stringify(line));
  response.status(status).json(status < 300 ? { received: true } : { error: verdict });
}

function noteTheTime(request, response, next) {
  response.locals.began = performance.now();
  next();
}

// Refuses what announces too much, before it comes: express.raw would wait for the end of it.
function refuseTooLarge(request, response, next) {
  if (Number(request.get("Content-Length") ?? 0) > MAX_BYTES) {
    response.set("Connection", "close");
    finish(response, "too-large", 413);
    return;
  }
  next();
}

// Reads any body as raw bytes into request.body; where there is no body, that is undefined.
const rawBody = express.raw({ type: () => true, limit: MAX_BYTES });

app.post("/webhook", noteTheTime, refuseTooLarge, rawBody, async (request, response) => {
  const body = request.body ?? Buffer.alloc(0);
  if (!isAuthentic(body, request.get("X-Hub-Signature-256") ?? "")) {
    finish(response, "refused", 401);
    return;
  }
  const event = readEvent(body);
  if (event === null) {
    finish(response, "invalid", 400);
    return;
  }
  if (inWork >= MAX_IN_WORK) {
    response.set("Retry-After", "1");
    finish(response, "busy", 503, event);
    return;
  }
  inWork += 1;
  try {
    await work(event);
    finish(response, "accepted", 202, event);
  } catch {
    finish(response, "failed", 500, event);
  } finally {
    inWork -= 1;
  }
});

app.get("/metrics", (request, response) => {
  const lines = [...deliveries].map(([verdict, number]) => `webhook_deliveries_total{verdict="${verdict}"} ${number}`);
  response.type("text/plain").send([...lines, `webhook_in_work ${inWork}`, ""].join("\n"));
});

app.use((request, response) => {
  response.status(404).json({ error: "not found" });
});

app.use((error, request, response, next) => {
  if (error.type === "entity.too.large") {
    finish(response, "too-large", 413);
    return;
  }
  response.status(error.status ?? 500).json({ error: "this went wrong" });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
