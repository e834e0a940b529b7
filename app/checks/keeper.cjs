// What waits behind the inner wall in place of a JavaScript program, and then becomes it.
//
// Node runs it before the main file (--require). It imports nothing of the course and knows no secret. On
// standard input comes one JSON object, the command and its environment; without one it ends. Node then runs
// the program as its main file. Where a program could notice that modules are loaded already, it is started in
// the ordinary way instead, in this process.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { isMainThread } = require("node:worker_threads");

// What receivers import; each costs time at the start.
const WANTED = ["express", "node:crypto", "node:http", "node:sqlite", "node:timers/promises"];
const PARSERS = ["json", "raw", "text", "urlencoded"];

// Variables that Node or a library reads when it starts: too late to change for one that has started.
const READ_AT_START = /^(NODE|DEBUG|LD_|LC_|LANG|TZ|UV_|V8_|SSL_|OPENSSL|NO_COLOR|FORCE_COLOR)/;

function load() {
  // From the folder above the program's own: Node must not have looked into that one, its files come later.
  const from = Module.createRequire(path.join(path.dirname(process.cwd()), "keeper.cjs"));
  for (const name of WANTED) {
    try {
      const found = from(name);
      if (name === "express") PARSERS.forEach((parser) => found[parser]); // loaded when they are looked at
    } catch {
      // The program finds out itself.
    }
  }
}

function canBecome(command, changed) {
  const file = command[1];
  if (command.length !== 2 || !/^[^/.-][^/]*\.(mjs|cjs|js)$/.test(file) || !isFile(file)) return false;
  if (changed.some((name) => READ_AT_START.test(name))) return false;
  const own = fs.readdirSync(".").filter((name) => /\.(mjs|cjs|js)$/.test(name) && isFile(name));
  return own.some((name) => fs.readFileSync(name).includes("express"));
}

function isFile(name) {
  return fs.lstatSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
}

// Let Node run the file as it does with `node FILE`: as the main module, with nothing of this text in its traces.
function become(command) {
  const main = path.resolve(command[1]);
  process.execArgv = [];
  process.argv = [process.execPath, main];
  delete require.cache[__filename];
  const runMain = Module.runMain;
  const asItWas = { value: runMain, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(Module, "runMain", {
    configurable: true,
    get() {
      Object.defineProperty(Module, "runMain", asItWas);
      return runMain.bind(Module, main);
    },
  });
}

function wait() {
  load();
  const text = fs.readFileSync(0, "utf8");
  if (!text) process.exit(0);
  const { command, environment } = JSON.parse(text);
  fs.closeSync(0);
  fs.openSync("/dev/null", "r+"); // takes the lowest free number, and so the place of standard input
  const changed = Object.keys(environment).filter((name) => process.env[name] !== environment[name]);
  Object.assign(process.env, environment);
  if (canBecome(command, changed)) become(command);
  else process.execve(command[0], command, process.env);
}

if (isMainThread) wait(); // a worker of the program loads this file once more
