// Saves and checks in place, and shows what another editor wrote to disk. The forms work without it.

import { addKeys, addNumbers } from "./keys.js";
import { follow } from "./run.js";

const form = document.querySelector("[data-editor]");
const news = form.querySelector("[data-news]");
const checkButton = form.querySelector("[data-check]");
const files = [...form.querySelectorAll("[data-file]")].map((box) => ({
  name: box.dataset.file,
  area: box.querySelector("textarea"),
  version: box.querySelector("[name=version]"),
}));
let isLeaving = false;

const isEdited = (file) => file.area.value !== file.area.defaultValue;

function show(file, now) {
  const text = file.area.value;
  file.version.value = now.version;
  file.area.defaultValue = now.text;
  if (text !== now.text) file.area.value = now.text;
  file.area.dispatchEvent(new Event("course:shown"));
}

function settle(found, sent) {
  // What is on disk now is what the page stands on; what was typed meanwhile stays.
  for (const [place, file] of files.entries()) {
    const now = found.find((other) => other.name === file.name);
    if (!now) continue;
    const typed = file.area.value;
    // Typed on while another editor wrote: the old version stays, so that the next save shows both.
    if (typed !== sent[place] && now.text !== sent[place]) continue;
    show(file, now);
    if (typed !== sent[place]) file.area.value = typed;
  }
}

async function look() {
  const response = await fetch(form.dataset.files, { headers: { "X-CSRF-Token": form.elements.csrf.value } });
  if (!response.ok) return;
  const found = await response.json();
  for (const file of files) {
    const now = found.find((other) => other.name === file.name);
    if (!now || now.version === file.version.value) continue;
    if (isEdited(file)) {
      news.textContent = `${file.name} changed on disk while you edited it here. Save shows both versions.`;
    } else {
      show(file, now);
      news.textContent = `${file.name} changed on disk; this is the new version.`;
    }
  }
}

async function send(button) {
  const sent = files.map((file) => file.area.value);
  const response = await fetch(button.formAction, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
  if (!response.ok) return sendPlainly(button); // the site's own page says what to do: two versions, the way in
  const answer = await response.json();
  settle(answer.files, sent);
  news.textContent = answer.run ? "" : "Saved.";
  if (!answer.run) return;
  watch(answer);
  place.closest("section").scrollIntoView({ block: "nearest" });
}

function sendPlainly(button) {
  isLeaving = true;
  button.disabled = false; // a disabled button submits nothing
  form.requestSubmit(button);
}

const place = document.getElementById("run-place");

function watch(answer) {
  place.dataset.newest = answer.run;
  place.innerHTML = answer.html;
  follow(place.firstElementChild);
}

async function lookForRuns() {
  // A check in a terminal, or in another tab, is shown here as well.
  const { newest, look: address } = place.dataset;
  if (document.hidden) return;
  const response = await fetch(`${address}?shown=${encodeURIComponent(newest)}`, {
    headers: { "X-CSRF-Token": form.elements.csrf.value },
  });
  if (response.status !== 200) return;
  const answer = await response.json();
  if (place.dataset.newest !== newest || checkButton.disabled) return; // Check was pressed here meanwhile
  watch(answer);
  await look();
}

async function keepLooking() {
  await lookForRuns().catch(() => {});
  setTimeout(keepLooking, 1000);
}

function busy(button, work) {
  if (button.disabled) return;
  const hadFocus = document.activeElement === button;
  button.disabled = true;
  work()
    .catch(() => { news.textContent = "The course does not answer. Is “course serve” still running? Your text is still here."; })
    .finally(() => { button.disabled = false; if (hadFocus) button.focus(); });
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("data-plain")) isLeaving = true; // the site saves, and shows another page
  if (isLeaving) return;
  event.preventDefault();
  const button = event.submitter ?? checkButton;
  busy(button, () => send(button));
});

form.addEventListener("keydown", (event) => {
  const name = { s: "[data-save]", Enter: "[data-check]" }[event.key];
  if (!name || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.querySelector(name).click();
});

document.addEventListener("course:finished", () => {
  const hasPassed = document.querySelector("#run-place .summary.is-passed");
  if (hasPassed) document.getElementById("run-next").hidden = false;
});

for (const file of files) {
  addKeys(file.area, () => checkButton.focus());
  addNumbers(file.area);
}
form.querySelector("[data-with-script]").hidden = false;
addEventListener("focus", () => look().catch(() => {}));
setTimeout(keepLooking, 1000);
addEventListener("beforeunload", (event) => { if (!isLeaving && files.some(isEdited)) event.preventDefault(); });
