// A receiver for webhooks: it answers POST /webhook and prints which event arrived.

import express from "express";

const app = express();

app.post("/webhook", express.json(), (request, response) => {
  const event = request.body;
  console.log(event.id, event.type);
  response.json({ received: true });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
