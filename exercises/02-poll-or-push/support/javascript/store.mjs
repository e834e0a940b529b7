// The store: it keeps the events, how late each one came, and the cursor. It is given; you call it.
//
// It lies in `$DATA_DIR`, so it outlives your program. What a call has written is on the disk when it returns.

import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(path.join(process.env.DATA_DIR, "store.db"));
database.exec(`
  PRAGMA busy_timeout = 10000;
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS events (key TEXT PRIMARY KEY, way TEXT NOT NULL, delay_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS cursors (name TEXT PRIMARY KEY, time INTEGER NOT NULL);
`);

const insert = database.prepare("INSERT OR IGNORE INTO events VALUES (?, ?, ?)");
const find = database.prepare("SELECT time FROM cursors WHERE name = 'events'");
const replace = database.prepare("INSERT OR REPLACE INTO cursors VALUES ('events', ?)");
const group = database.prepare(
  "SELECT way, COUNT(*) AS events, AVG(delay_ms) AS delay FROM events GROUP BY way",
);

// Keep an event that came by "poll" or by "push". Under each key only the first is kept, for ever.
export function keep(key, event, way) {
  waitIfHeld(`keep-${event.id}`);
  const delay = Math.max(0, Date.now() - event.created);
  const { changes } = insert.run(key, way, delay);
  if (changes === 1) console.log(`${event.id} came by ${way}, ${delay} ms after it happened`);
}

// The time that was given to `moveCursor` last, in milliseconds; 0 where there was none.
export function cursor() {
  return find.get()?.time ?? 0;
}

// Remember a time, in milliseconds.
export function moveCursor(time) {
  replace.run(time);
}

// How many events came first by each of the two ways, and how late on average.
export function summary() {
  const result = { poll: { events: 0, delay_ms: null }, push: { events: 0, delay_ms: null } };
  for (const { way, events, delay } of group.all()) result[way] = { events, delay_ms: Math.round(delay) };
  return result;
}

// What follows lets the checks stop your program at the worst moment. It does nothing otherwise.

function waitIfHeld(point) {
  const folder = process.env.HOLD_DIR;
  const held = folder ? path.join(folder, point) : null;
  if (held === null || !fs.existsSync(held)) return;
  fs.writeFileSync(`${held}.reached`, "");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (fs.existsSync(held)) Atomics.wait(pause, 0, 0, 5);
}
