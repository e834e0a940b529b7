// What has to be done for an event. It is given; you call it. Now and then it takes long, and now and then it fails.

import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

// Does the work for an event. It may fail, with any error; then nothing was done, and a later try can work.
export async function work(event) {
  await waitIfHeld(event.id);
  await failIfAsked();
}

// What follows lets the checks hold the work up, or make it fail. It does nothing otherwise.

async function waitIfHeld(eventId) {
  const folder = process.env.HOLD_DIR;
  const name = `work-${eventId}`;
  if (!folder || !(await fs.readdir(folder)).includes(name)) return;
  const held = path.join(folder, name);
  await fs.writeFile(`${held}.reached`, "");
  const exists = () => fs.access(held).then(() => true, () => false);
  while (await exists()) await pause(5);
}

async function failIfAsked() {
  const folder = process.env.HOLD_DIR;
  if (!folder) return;
  try {
    await fs.unlink(path.join(folder, "work-fail"));
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  throw new Error("no answer from db.internal:5432, user payments, password correct-horse");
}
