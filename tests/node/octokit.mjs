// Octokit as an independent party: reads JSON lines {secret, body, signature}, answers {verified, signed} for each.
import { createInterface } from "node:readline";
import { sign, verify } from "@octokit/webhooks-methods";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, body, signature } = JSON.parse(line);
  // A missing or an empty signature makes octokit throw: it is not accepted.
  const verified = await verify(secret, body, signature).catch(() => false);
  console.log(JSON.stringify({ verified, signed: await sign(secret, body) }));
}
