import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";

const app = express();

function isAuthentic(body, signature) {
  const expected = Buffer.from("sha256=" + createHmac("sha256", process.env.WEBHOOK_SECRET).update(body).digest("hex"));
  const received = Buffer.from(signature);
  return expected.length === received.length && timingSafeEqual(expected, received);
}

function isEvent(body) {
  try {
    return JSON.parse(body) !== null;
  } catch {
    return false;
  }
}

app
  .route("/webhook")
  .post(express.raw({ type: () => true }), (request, response) => {
    const authentic = isAuthentic(request.body, request.get("X-Hub-Signature-256") ?? "");
    response.status(authentic ? (isEvent(request.body) ? 200 : 400) : 401).end();
  })
  .all((request, response) => response.status(405).end());

app.listen(Number(process.env.PORT), "127.0.0.1");
