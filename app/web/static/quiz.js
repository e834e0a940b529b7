// Answers without loading the page anew, and moves the focus to what the answer says.
// Without this script every button of a question leads to a page that shows the same.

import { addOrders } from "./order.js";
import { addKeys } from "./quiz-keys.js";

const LIVE = "[data-live]"; // what stands around the questions and changes with them

async function send(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.append(button.name, button.value);
  const response = await fetch(form.action, { method: "POST", body: fields });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const asked = boxesOf(form, button);
  const boxes = asked.map((box) => [box, page.getElementById(box.id)]);
  if (!boxes.length || boxes.some(([, fresh]) => !fresh)) throw new Error(response.status); // the site's own page says why
  for (const [box, fresh] of boxes) box.replaceWith(fresh);
  for (const part of document.querySelectorAll(LIVE)) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(fresh);
  }
  addOrders(document);
  announce(boxes[0][1]);
}

function boxesOf(form, button) {
  const own = button?.closest("[data-box]");
  return own ? [own] : [...form.querySelectorAll("[data-box]")];
}

function announce(box) {
  const place = box?.querySelector("[data-refusal]") ?? box?.querySelector("[data-result]") ?? box?.querySelector("[data-hints]");
  if (!place) return;
  place.tabIndex = -1;
  place.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-questions]") || form.dataset.plain || button?.name === "report") return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  send(form, button)
    .catch(() => {
      form.dataset.plain = "yes";
      form.requestSubmit(button);
    })
    .finally(() => delete form.dataset.busy);
});

addOrders(document);
addKeys();
if (location.hash) announce(document.getElementById(location.hash.slice(1))?.closest("[data-box]"));
