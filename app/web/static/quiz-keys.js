// Keys for questions. They act only where a key means nothing else: never in a field, never with Ctrl, Alt or Meta.
// One can turn them off, since speech input and slips of the hand type single letters, too; and on a page that
// does not list them, as a lesson, they do nothing.

const OFF = "course-quiz-keys";
const TAKES_KEYS = "a, button, select, summary, textarea, [contenteditable], input:not([type=radio], [type=checkbox])";

const isOff = () => !document.querySelector("[data-keys]") || localStorage.getItem(OFF) === "off";

function boxNow() {
  const own = document.activeElement?.closest("[data-box]");
  if (own) return own;
  const all = document.querySelectorAll("[data-box]");
  return all.length === 1 && !document.activeElement?.closest(TAKES_KEYS) ? all[0] : null;
}

function choose(box, place) {
  const input = box?.querySelectorAll(".choice input")[place];
  if (!input || input.disabled) return false;
  input.checked = input.type === "radio" || !input.checked;
  input.focus();
  return true;
}

function placeOf(key) {
  if (/^[1-9]$/.test(key)) return Number(key) - 1;
  return /^[a-i]$/i.test(key) ? key.toLowerCase().charCodeAt(0) - 97 : -1;
}

function next() {
  const link = document.querySelector("[data-next]");
  if (link) {
    link.click();
    return true;
  }
  const boxes = [...document.querySelectorAll("[data-box]")].filter((box) => box.querySelector("[data-answer]"));
  const here = document.activeElement?.closest("[data-box]");
  const after = boxes.find((box) => here && box.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING) ?? boxes[0];
  const field = after?.querySelector("fieldset input:not([type=hidden], :disabled), fieldset select, fieldset textarea");
  field?.focus();
  return Boolean(field);
}

function answer(box) {
  const button = box?.querySelector("[data-answer]");
  button?.click();
  return Boolean(button);
}

function act(event) {
  const place = placeOf(event.key);
  if (place >= 0) return choose(boxNow(), place);
  if (event.key === "n" || event.key === "N") return next();
  return event.key === "Enter" && answer(boxNow());
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const target = event.target;
  const box = target.closest?.("[data-box]");
  // In a one-line field Enter answers this question, and not whichever button of the page comes first.
  if (event.key === "Enter" && box && target.matches("input")) {
    if (answer(box)) event.preventDefault();
    return;
  }
  if (isOff() || target.closest?.(TAKES_KEYS)) return;
  if (act(event)) event.preventDefault();
}

export function addKeys() {
  document.addEventListener("keydown", onKey);
  const list = document.querySelector("[data-keys]");
  const turn = list?.querySelector("button");
  if (!turn) return;
  const tell = () => {
    turn.textContent = isOff() ? "Turn the keys on" : "Turn the keys off";
    turn.setAttribute("aria-pressed", String(!isOff()));
  };
  turn.addEventListener("click", () => {
    localStorage.setItem(OFF, isOff() ? "on" : "off");
    tell();
  });
  list.hidden = false;
  tell();
}
