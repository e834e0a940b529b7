// The library of Standard Webhooks as an independent party: reads JSON lines {secret, id, seconds, body},
// answers the headers for each.
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, id, seconds, body } = JSON.parse(line);
  const signature = new Webhook(secret).sign(id, new Date(seconds * 1000), body);
  console.log(
    JSON.stringify({ "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": signature }),
  );
}
