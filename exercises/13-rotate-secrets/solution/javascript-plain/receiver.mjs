// The same without a framework and without a database: a journal that only grows, and Node's own server.

import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const { ADMIN_TOKEN, DATA_DIR, PORT } = process.env;
if (!ADMIN_TOKEN) throw new Error("Set ADMIN_TOKEN.");

const JOURNAL = join(DATA_DIR, "journal.ndjson");
appendFileSync(JOURNAL, "");

// What was given out to a tenant, the oldest first. What is being written has no end yet.
function entries(tenant) {
  const lines = readFileSync(JOURNAL, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line)).filter((each) => each.tenant === tenant);
}

// The secrets that are valid now, the newest first: each ends by the earliest of the changes behind it.
function valid(tenant) {
  let ends = Infinity;
  const found = [];
  for (const { key, at, overlap } of entries(tenant).reverse()) {
    if (ends > Date.now()) found.push({ key: Buffer.from(key, "base64"), at, ends });
    ends = Math.min(ends, at + overlap);
  }
  return found;
}

// Hashes have one length, so anything can be compared with anything.
function same(one, other) {
  const [left, right] = [one, other].map((each) => createHash("sha256").update(each).digest());
  return timingSafeEqual(left, right);
}

function isGenuine(tenant, headers, body) {
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(Date.now() / 1000 - timestamp) > 300) return false;
  const content = Buffer.concat([Buffer.from(`${headers["webhook-id"]}.${timestamp}.`), body]);
  const given = (headers["webhook-signature"] ?? "").split(" ");
  return valid(tenant)
    .map(({ key }) => "v1," + createHmac("sha256", key).update(content).digest("base64"))
    .some((right) => given.some((each) => same(right, each)));
}

function receive(tenant, { headers }, body) {
  if (!isGenuine(tenant, headers, body)) return [403, { error: "refused" }];
  try {
    const { id, type } = JSON.parse(body);
    console.log(`${tenant} sent ${type} ${id}`);
    return [202, {}];
  } catch {
    return [400, { error: "no event" }];
  }
}

function operate(tenant, { method, headers }, body) {
  if (!same(headers.authorization ?? "", `Bearer ${ADMIN_TOKEN}`)) return [403, { error: "refused" }];
  if (method === "GET") {
    const secrets = valid(tenant).map(({ at, ends }) => ({ created: at, ends: ends === Infinity ? null : ends }));
    return [200, { secrets }];
  }
  const key = randomBytes(24).toString("base64");
  const entry = { tenant, key, at: Date.now(), overlap: JSON.parse(body).overlap_ms };
  appendFileSync(JOURNAL, JSON.stringify(entry) + "\n", { flush: true });
  return [200, { secret: `whsec_${key}` }];
}

function answer(request, body) {
  const [, door, tenant, rest] = request.url.split("/");
  if (door === "webhook" && request.method === "POST") return receive(tenant, request, body);
  if (door === "admin" && rest === "secrets") return operate(tenant, request, body);
  return [404, { error: "not here" }];
}

createServer(async (request, response) => {
  const chunks = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return; // the sender went away
  }
  const [status, content] = answer(request, Buffer.concat(chunks));
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(content));
}).listen(PORT, "127.0.0.1");
