// A receiver for webhooks. Fill in what is marked with TODO.

import express from "express";

const app = express();

// TODO 1: a function which answers POST /webhook, and sends something back.
//         Here is one for another path, to see how it is done:

app.get("/hello", (request, response) => {
  console.log("somebody said hello:", request.method, request.path);
  response.json({ hello: "world" });
});

// TODO 2: in your function, read the event from the request's body (it is JSON).
// TODO 3: print one line with the event's id and type.

app.listen(Number(process.env.PORT), "127.0.0.1");
