// Computes and compares HMACs: the key comes in hex, the message is the body.

import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";

const app = express();

// The key of a request as bytes, or null where there is none.
function readKey(request) {
  const text = request.get("X-Key-Hex") ?? "";
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, "hex") : null;
}

// The HMAC-SHA256 of the body as 64 hex digits.
function signatureOf(key, body) {
  return createHmac("sha256", key).update(body).digest("hex");
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
  const expected = Buffer.from(signatureOf(key, bodyOf(request)));
  const received = Buffer.from(request.get("X-Signature") ?? "");
  const equal = expected.length === received.length && timingSafeEqual(expected, received);
  response.status(equal ? 204 : 403).end();
});

app.listen(Number(process.env.PORT), "127.0.0.1");
