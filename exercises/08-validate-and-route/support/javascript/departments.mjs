// The departments of the company: each one reacts to an event in its own way. They are given; you call them.
//
// A department gets the whole event, as an object. It is asynchronous: it returns a promise. It prints one line when
// it is done. It may fail, with any error: then it has done nothing, and it is not the fault of the others.

import fs from "node:fs/promises";
import path from "node:path";

// Write the amount into the books.
export async function bookkeeping(event) {
  await failIfAsked("bookkeeping");
  const { amount } = event.data;
  console.log("bookkeeping", event.id, typeof amount === "object" ? amount.value : amount);
}

// Write to the customer.
export async function mail(event) {
  await failIfAsked("mail");
  console.log("mail", event.id, event.data.customer);
}

// Count it for the monthly report.
export async function statistics(event) {
  await failIfAsked("statistics");
  console.log("statistics", event.id, event.type);
}

// What follows lets the checks make a department fail. It does nothing otherwise.

async function failIfAsked(department) {
  const folder = process.env.HOLD_DIR;
  if (!folder) return;
  try {
    await fs.unlink(path.join(folder, `${department}-fail`));
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  throw new Error(`${department} is not available`);
}
