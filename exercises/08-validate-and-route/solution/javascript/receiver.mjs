// A receiver that judges what it knows, ignores what it doesn't, and lets no department stop another.

import { createHmac, timingSafeEqual } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import express from "express";
import { bookkeeping, mail, statistics } from "./departments.mjs";

const app = express();

const SECRET = process.env.WEBHOOK_SECRET;
if (!SECRET) {
  console.error("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.");
  process.exit(1);
}

const QUARANTINE = path.join(process.env.DATA_DIR, "quarantine.jsonl");
const FAILURES = path.join(process.env.DATA_DIR, "failures.jsonl");

const ajv = new Ajv2020();
addFormats(ajv);
const validators = new Map();
for (const [type, versions] of Object.entries(JSON.parse(fs.readFileSync("schemas.json")))) {
  const compiled = Object.entries(versions).map(([version, schema]) => [version, ajv.compile(schema)]);
  validators.set(type, new Map(compiled));
}

const listeners = new Map([
  ["invoice.paid", [bookkeeping, mail, statistics]],
  ["invoice.refunded", [bookkeeping, mail]],
  ["customer.updated", [mail, statistics]],
]);

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
  const validate = validators.get(event.type).get(String(event.version));
  if (validate === undefined) return "/version";
  return validate(event) ? null : validate.errors[0].instancePath;
}

// Lets each department that listens do its part, and notes which ones failed.
async function handle(event) {
  const departments = listeners.get(event.type);
  const results = await Promise.allSettled(departments.map((department) => department(event)));
  results.forEach((result, place) => {
    if (result.status === "rejected") keep(FAILURES, { id: event.id, department: departments[place].name });
  });
}

// Appends an entry as one JSON line.
function keep(file, entry) {
  fs.appendFileSync(file, JSON.stringify(entry) + "\n");
}

// All entries, the oldest first.
function kept(file) {
  if (!fs.existsSync(file)) return [];
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
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
  if (!validators.has(event.type)) {
    response.status(202).json({ status: "ignored" });
    return;
  }
  const where = misfit(event);
  if (where !== null) {
    keep(QUARANTINE, { id: event.id, type: event.type, pointer: where });
    response.status(202).json({ status: "quarantined" });
    return;
  }
  await handle(event);
  response.status(202).json({ status: "handled" });
});

app.get("/quarantine", (request, response) => {
  response.json({ quarantine: kept(QUARANTINE) });
});

app.get("/failures", (request, response) => {
  response.json({ failures: kept(FAILURES) });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
