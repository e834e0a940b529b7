// A receiver that judges events and hands them on. Fill in what is marked with TODO.

import { createHmac, timingSafeEqual } from "node:crypto";
import fs from "node:fs";
import express from "express";
import * as departments from "./departments.mjs";

const app = express();

const SECRET = process.env.WEBHOOK_SECRET;
if (!SECRET) {
  console.error("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.");
  process.exit(1);
}

const schemas = JSON.parse(fs.readFileSync("schemas.json"));
// TODO 2: one compiled schema for each type and version, made once; formats are checked only if you ask for it.

// TODO 5: which departments listen to which type?

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

// The JSON Pointer (RFC 6901) of what does not fit, or null when all fits.
function misfit(event) {
  // TODO 3: ask the compiled schema. What if there is none for this version?
  return null;
}

// Lets each department that listens do its part, and notes which ones failed.
async function handle(event) {
  // TODO 5: call each one, such as `await departments.mail(event)`. One that fails must not stop the others.
}

// Reads any body as raw bytes into request.body; where there is no body, that is undefined.
const rawBody = express.raw({ type: () => true, limit: "1mb" });

app.post("/webhook", rawBody, async (request, response) => {
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
  // TODO 4: what if the type is not in schemas?
  // TODO 3: what if something does not fit?
  await handle(event);
  response.status(202).json({ status: "handled" });
});

app.get("/quarantine", (request, response) => {
  response.json({ quarantine: [] }); // TODO 3, and 6: it must still be there after a restart
});

app.get("/failures", (request, response) => {
  response.json({ failures: [] }); // TODO 5 and 6
});

app.listen(Number(process.env.PORT), "127.0.0.1");
