// The inbox, and the ledger that is made of it.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(join(process.env.DATA_DIR, "storm.sqlite"));
database.exec(`
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS inbox (
    number INTEGER PRIMARY KEY, event_id TEXT UNIQUE, kind TEXT, body BLOB, state TEXT DEFAULT 'new'
  );
  CREATE TABLE IF NOT EXISTS entries (event_id TEXT PRIMARY KEY, account TEXT, cents INTEGER);
  CREATE TABLE IF NOT EXISTS accounts (account TEXT PRIMARY KEY, version INTEGER, plan TEXT, closed INTEGER);
`);

const insert = database.prepare("INSERT OR IGNORE INTO inbox (event_id, kind, body) VALUES (?, ?, ?)");
const oldest = database.prepare("SELECT * FROM inbox WHERE state = 'new' ORDER BY number LIMIT 1");
const mark = database.prepare("UPDATE inbox SET state = ? WHERE number = ?");
const enter = database.prepare("INSERT INTO entries VALUES (?, ?, ?)");
const versionOf = database.prepare("SELECT version FROM accounts WHERE account = ?");
const replace = database.prepare("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)");
const sums = database.prepare("SELECT account, sum(cents) AS cents FROM entries GROUP BY account");
const open = database.prepare("SELECT account, plan FROM accounts WHERE NOT closed");
const aside = database.prepare("SELECT event_id FROM inbox WHERE state = 'aside'");

const isCount = (value) => Number.isInteger(value) && value > 0;

// Keeps an event; it is on the disk when this returns. One that is there already changes nothing.
export function putIntoInbox(event, body) {
  insert.run(String(event.id), String(event.type), body);
}

// Takes over a state of an account, unless a later one is there. Nobody else can write meanwhile.
function tell(account, version, plan, closed) {
  const known = versionOf.get(account);
  if (known === undefined || known.version < version) replace.run(account, version, plan, closed);
}

// Books one event; returns what becomes of it: booked, aside or ignored.
function book(id, kind, data) {
  const { account, amount, version, plan } = data ?? {};
  const named = typeof account === "string";
  switch (kind) {
    case "payment.received":
    case "payment.refunded":
      if (!named || !isCount(amount)) return "aside";
      enter.run(id, account, kind === "payment.received" ? amount : -amount);
      return "booked";
    case "account.changed":
      if (!named || !isCount(version) || typeof plan !== "string") return "aside";
      tell(account, version, plan, 0);
      return "booked";
    case "account.closed":
      if (!named || !isCount(version)) return "aside";
      tell(account, version, null, 1);
      return "booked";
    default:
      return "ignored";
  }
}

// Books the oldest event of the inbox and marks it, in one transaction; false when none waits.
// The transaction begins with the lock of the one writer, so two copies never book the same event.
export function workOnce() {
  if (oldest.get() === undefined) return false;
  database.exec("BEGIN IMMEDIATE");
  try {
    const row = oldest.get();
    if (row !== undefined) {
      const { data } = JSON.parse(Buffer.from(row.body).toString());
      mark.run(book(row.event_id, row.kind, data), row.number);
    }
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
  return true;
}

export function showLedger() {
  return {
    balances: Object.fromEntries(sums.all().map(({ account, cents }) => [account, cents])),
    plans: Object.fromEntries(open.all().map(({ account, plan }) => [account, plan])),
    set_aside: aside.all().map((row) => row.event_id),
  };
}
