// Computes and compares HMACs, built from SHA-256 as RFC 2104 says.

import { createHash } from "node:crypto";
import express from "express";

const app = express();

// The key of a request as bytes, or null where there is none.
function readKey(request) {
  const text = request.get("X-Key-Hex") ?? "";
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, "hex") : null;
}

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();

// The HMAC-SHA256 of the body as 64 hex digits. SHA-256 works in blocks of 64 bytes.
function signatureOf(key, body) {
  const block = Buffer.alloc(64);
  (key.length > 64 ? sha256(key) : key).copy(block);
  const inner = sha256(block.map((byte) => byte ^ 0x36), body);
  return sha256(block.map((byte) => byte ^ 0x5c), inner).toString("hex");
}

// The body's raw bytes; where there is no body, request.body is undefined.
function bodyOf(request) {
  return request.body ?? Buffer.alloc(0);
}

app.use(express.raw({ type: () => true, limit: "1mb" }));

app.post("/hmac", (request, response) => {
  const key = readKey(request);
  if (key === null) {
    response.status(400).json({ error: "X-Key-Hex holds no key" });
    return;
  }
  response.type("text/plain").send(signatureOf(key, bodyOf(request)));
});

app.post("/verify", (request, response) => {
  const key = readKey(request);
  if (key === null) {
    response.status(400).json({ error: "X-Key-Hex holds no key" });
    return;
  }
  const equal = signatureOf(key, bodyOf(request)) === request.get("X-Signature");
  response.status(equal ? 204 : 403).end();
});

app.listen(Number(process.env.PORT), "127.0.0.1");
