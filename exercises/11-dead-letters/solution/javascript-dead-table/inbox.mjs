// The inbox: events with what is known of them, and a table of those that were given up.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export const LEASE = Number(process.env.LEASE_MS);
export const PAUSE = Number(process.env.PAUSE_MS);
const RETRY_BASE = Number(process.env.RETRY_BASE_MS);

const database = new DatabaseSync(join(process.env.DATA_DIR, "receiver.db"));
database.exec(`
  PRAGMA busy_timeout = 2000;
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL,
    signature TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    not_before INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    wait_ms INTEGER
  );
  CREATE TABLE IF NOT EXISTS dead (
    event INTEGER PRIMARY KEY REFERENCES events (number),
    reason TEXT NOT NULL
  );
`);

const insert = database.prepare("INSERT OR IGNORE INTO events (id, body, signature) VALUES (?, ?, ?)");
const find = database.prepare(`
  SELECT done, attempts, wait_ms, dead.event AS grave FROM events LEFT JOIN dead ON dead.event = number WHERE id = ?
`);
const mark = database.prepare(`
  UPDATE events SET owner = ?, not_before = ?, attempts = attempts + 1 WHERE number =
    (SELECT number FROM events WHERE NOT done AND not_before <= ? AND number NOT IN (SELECT event FROM dead)
     ORDER BY not_before, number LIMIT 1)
`);
const marked = database.prepare("SELECT * FROM events WHERE owner = ?");
const finished = database.prepare("UPDATE events SET done = 1 WHERE owner = ?");
const postponed = database.prepare("UPDATE events SET not_before = ?, wait_ms = ? WHERE owner = ?");
const counted = database.prepare("UPDATE events SET attempts = ? WHERE owner = ?");
const buried = database.prepare("INSERT INTO dead SELECT number, ? FROM events WHERE owner = ?");
const listed = database.prepare("SELECT id, attempts, reason FROM dead JOIN events ON event = number");
const dug = database.prepare("DELETE FROM dead WHERE event = (SELECT number FROM events WHERE id = ?)");
const renewed = database.prepare("UPDATE events SET attempts = 0, not_before = 0, wait_ms = NULL WHERE id = ?");

// All of it or nothing; there is no await inside.
function inOneTransaction(work) {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

export function keep(id, body, signature) {
  insert.run(id, body, signature);
}

// What is known of an event, or undefined for one that nobody sent.
export function state(id) {
  const row = find.get(id);
  if (row === undefined) return undefined;
  const status = row.grave !== null ? "dead" : row.done ? "done" : "pending";
  return { status, attempts: row.attempts, wait_ms: row.wait_ms };
}

export function allDead() {
  return listed.all();
}

// Puts a new name on one event and returns the event. The name is void when the lease is over.
export function take() {
  const owner = randomUUID();
  const now = Date.now();
  return mark.run(owner, now + LEASE, now).changes === 1 ? marked.get(owner) : undefined;
}

export function finish(owner) {
  finished.run(owner);
}

// The wait is between a half and the whole of a time that doubles.
export function postpone(owner, attempt) {
  const wait = Math.round((RETRY_BASE * 2 ** (attempt - 1) * (1 + Math.random())) / 2);
  postponed.run(Date.now() + wait, wait, owner);
}

export function bury(owner, attempts, reason) {
  inOneTransaction(() => {
    counted.run(attempts, owner);
    buried.run(reason, owner);
  });
}

// Whether there was such a dead event; it is as fresh as on its first day then.
export function revive(id) {
  return inOneTransaction(() => dug.run(id).changes === 1 && renewed.run(id).changes === 1);
}
