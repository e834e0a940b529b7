// A receiver for GitHub's webhooks. Fill in what is marked with TODO.

import express from "express";

const app = express();

// TODO 4: what if there is no secret, or an empty one?
const SECRET = process.env.WEBHOOK_SECRET;

// Whether the signature is the one that GitHub makes for these bytes with our secret.
function isAuthentic(body, signature) {
  // TODO 2: compute the signature that you expect, and compare.
  return true;
}

// Reads any body as raw bytes into request.body; where there is no body, that is undefined.
const rawBody = express.raw({ type: () => true, limit: "1mb" });

app.post("/webhook", rawBody, (request, response) => {
  // TODO 1: take the raw bytes of the body, and the header X-Hub-Signature-256.
  //         If isAuthentic says no, answer 401 and do nothing else.
  // TODO 3: signed bytes may still be no event. Answer 400 then.
  const event = JSON.parse(request.body);
  console.log(event.id, event.type);
  response.json({ received: true });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
