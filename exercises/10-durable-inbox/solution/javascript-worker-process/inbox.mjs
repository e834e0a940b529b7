// The inbox: what was acknowledged and is not done yet lies here, and nowhere else.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export const LEASE = Number(process.env.LEASE_MS);
export const PAUSE = Number(process.env.PAUSE_MS);

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
    not_before INTEGER NOT NULL DEFAULT 0
  );
`);

const insert = database.prepare("INSERT OR IGNORE INTO events (id, body, signature) VALUES (?, ?, ?)");
const find = database.prepare("SELECT done FROM events WHERE id = ?");
const mark = database.prepare(`
  UPDATE events SET owner = ?, not_before = ? WHERE number =
    (SELECT number FROM events WHERE NOT done AND not_before <= ? ORDER BY not_before, number LIMIT 1)
`);
const marked = database.prepare("SELECT * FROM events WHERE owner = ?");
const finished = database.prepare("UPDATE events SET done = 1 WHERE owner = ?");
const postponed = database.prepare("UPDATE events SET not_before = ? WHERE owner = ?");

export function keep(id, body, signature) {
  insert.run(id, body, signature);
}

// "pending", "done", or undefined for an event that nobody sent.
export function status(id) {
  const row = find.get(id);
  return row && (row.done ? "done" : "pending");
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

export function postpone(owner) {
  postponed.run(Date.now() + PAUSE, owner);
}
