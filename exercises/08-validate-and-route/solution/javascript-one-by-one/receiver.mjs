// A receiver that judges what it knows and ignores what it doesn't. One department after the other gets its turn, and
// the lists are in SQLite.

import { createHmac, timingSafeEqual } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
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

const database = new DatabaseSync(path.join(process.env.DATA_DIR, "receiver.db"));
database.exec("CREATE TABLE IF NOT EXISTS quarantine (id TEXT, type TEXT, pointer TEXT)");
database.exec("CREATE TABLE IF NOT EXISTS failures (id TEXT, department TEXT)");
const quarantine = database.prepare("INSERT INTO quarantine (id, type, pointer) VALUES (?, ?, ?)");
const failure = database.prepare("INSERT INTO failures (id, department) VALUES (?, ?)");

const ajv = addFormats(new Ajv2020());
const schemas = JSON.parse(fs.readFileSync("schemas.json"));
for (const [type, versions] of Object.entries(schemas)) {
  for (const [version, schema] of Object.entries(versions)) ajv.addSchema(schema, `${type} ${version}`);
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
  const known = Number.isInteger(event.version) && Object.hasOwn(schemas[event.type], event.version);
  if (!known) return "/version";
  const validate = ajv.getSchema(`${event.type} ${event.version}`);
  return validate(event) ? null : validate.errors[0].instancePath;
}

// Lets each department that listens do its part, one after the other, and notes which ones failed.
async function handle(event) {
  for (const department of listeners.get(event.type)) {
    try {
      await department(event);
    } catch (error) {
      console.error(`${department.name} failed: ${error.message}`);
      failure.run(event.id, department.name);
    }
  }
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
  if (!Object.hasOwn(schemas, event.type)) {
    response.status(202).json({ status: "ignored" });
    return;
  }
  const where = misfit(event);
  if (where !== null) {
    quarantine.run(event.id, event.type, where);
    response.status(202).json({ status: "quarantined" });
    return;
  }
  await handle(event);
  response.status(202).json({ status: "handled" });
});

app.get("/quarantine", (request, response) => {
  response.json({ quarantine: database.prepare("SELECT * FROM quarantine ORDER BY rowid").all() });
});

app.get("/failures", (request, response) => {
  response.json({ failures: database.prepare("SELECT * FROM failures ORDER BY rowid").all() });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
