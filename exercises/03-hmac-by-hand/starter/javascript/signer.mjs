// Computes and compares HMACs: the key comes in hex, the message is the body. Fill in what is marked TODO.

import { createHash } from "node:crypto";
import express from "express";

const app = express();

// The key of a request as bytes, or null where there is none.
function readKey(request) {
  // TODO 1: the header holds hex digits. Which bytes do they stand for?
  // TODO 3: what if there is no such header, or no hex in it?
  return Buffer.from(request.get("X-Key-Hex") ?? "");
}

// The HMAC-SHA256 of the body as 64 hex digits.
function signatureOf(key, body) {
  // TODO 1: this is a plain hash, which everybody can compute.
  return createHash("sha256").update(body).digest("hex");
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
  // TODO 2: compare the header X-Signature with the signature that you expect; 403 where they differ.
  response.status(204).end();
});

app.listen(Number(process.env.PORT), "127.0.0.1");
