// Stripe's own library as an independent party: reads JSON lines {secret, seconds, body}, answers the header for each.
import { createInterface } from "node:readline";
import Stripe from "stripe";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, seconds, body } = JSON.parse(line);
  const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: seconds });
  console.log(JSON.stringify({ "stripe-signature": header }));
}
