// The ledger: it keeps the money of all accounts. It is given; you call it, exactly once for each event.
//
// It lives in the same SQLite database as your own tables: `$DATA_DIR/receiver.db`. So what you write and what
// the ledger writes can be one transaction: all of it happens, or none of it.
//
//     database.exec("BEGIN IMMEDIATE");
//     ...your own statements...
//     ledger.credit(database, "acct_1", 500);
//     database.exec("COMMIT");
//
// BEGIN IMMEDIATE takes the database's write lock, for which other connections wait (up to five seconds).
// Until COMMIT nothing is final; ROLLBACK takes all of it back. Without BEGIN, each statement commits by itself.

import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

const WAIT_FOR_LOCK_MILLISECONDS = 5000;

// The ledger could not do it. Nothing was credited; the same call can succeed later.
export class LedgerUnavailable extends Error {}

// Open a connection to the database, and make the ledger's table where it is missing. One is enough for all
// requests, as long as there is no `await` between BEGIN and COMMIT.
export function open() {
  const database = new DatabaseSync(path.join(process.env.DATA_DIR, "receiver.db"));
  database.exec(`PRAGMA busy_timeout = ${WAIT_FOR_LOCK_MILLISECONDS}`);
  database.exec("CREATE TABLE IF NOT EXISTS ledger_entries (account TEXT NOT NULL, amount INTEGER NOT NULL)");
  return database;
}

// Put an amount on an account, inside the transaction of this connection. It does not commit.
// Throws LedgerUnavailable when the ledger can't do it now.
export function credit(database, account, amount) {
  waitIfHeld("ledger-before");
  failIfAsked("ledger-fail");
  database.prepare("INSERT INTO ledger_entries (account, amount) VALUES (?, ?)").run(account, amount);
  waitIfHeld("ledger-after");
}

// What is on an account; an account that nobody has credited holds 0.
export function balance(database, account) {
  const total = database.prepare("SELECT SUM(amount) AS sum FROM ledger_entries WHERE account = ?").get(account);
  return total.sum ?? 0;
}

// What follows lets the checks stop your program at the worst moments, or make the ledger fail.
// It does nothing otherwise.

function waitIfHeld(point) {
  const held = signalFile(point);
  if (held === null || !fs.existsSync(held)) return;
  try {
    fs.closeSync(fs.openSync(`${held}.reached`, "wx"));
  } catch (error) {
    if (error.code === "EEXIST") return; // another request stands here already; one is enough
    throw error;
  }
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (fs.existsSync(held)) Atomics.wait(pause, 0, 0, 5);
}

function failIfAsked(point) {
  const asked = signalFile(point);
  if (asked === null) return;
  try {
    fs.unlinkSync(asked);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  throw new LedgerUnavailable("the ledger is not available, try again later");
}

function signalFile(point) {
  const folder = process.env.HOLD_DIR;
  return folder ? path.join(folder, point) : null;
}
