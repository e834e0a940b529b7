import express from "express";

const app = express();

app.post("/webhook", express.json(), (request, response) => response.end());

app.listen(Number(process.env.PORT), "127.0.0.1");
