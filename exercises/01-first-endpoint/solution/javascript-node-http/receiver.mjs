// The same receiver without a framework: method, path and body are looked at by hand.

import { createServer } from "node:http";

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  if (request.url !== "/webhook") {
    response.writeHead(404).end();
  } else if (request.method !== "POST") {
    response.writeHead(405, { Allow: "POST" }).end();
  } else {
    const { id, type } = JSON.parse(Buffer.concat(parts).toString("utf8"));
    process.stdout.write(`got ${type}: ${id}\n`);
    response.writeHead(204).end();
  }
});

server.listen(Number(process.env.PORT), "127.0.0.1");
