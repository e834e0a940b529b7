// Keys of a code textarea, and the numbers of its lines.

function insert(area, text) {
  // execCommand keeps the browser's own undo; the second way is for browsers without it.
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function wholeLines(area) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const end = area.value.indexOf("\n", Math.max(area.selectionEnd - 1, area.selectionStart));
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  return area.value.slice(area.selectionStart, area.selectionEnd);
}

function indent(area, unit, outward) {
  if (!outward && area.selectionStart === area.selectionEnd) return insert(area, unit);
  const caret = area.selectionStart === area.selectionEnd ? area.selectionEnd : null;
  const before = wholeLines(area);
  const start = area.selectionStart;
  const shift = (line) => (outward ? line.replace(new RegExp(`^( {1,${unit.length}}|\t)`), "") : line && unit + line);
  const text = before.split("\n").map(shift).join("\n");
  if (text !== before) insert(area, text);
  if (caret === null) area.setSelectionRange(start, start + text.length);
  else area.setSelectionRange(Math.max(start, caret - before.length + text.length), Math.max(start, caret - before.length + text.length));
}

function newLine(area, unit) {
  const before = area.value.slice(0, area.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  insert(area, "\n" + line.match(/^[ \t]*/)[0] + (/[:{([]\s*$/.test(line) ? unit : ""));
}

export function addKeys(area, leave) {
  const unit = " ".repeat(Number(area.dataset.indent));
  area.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (event.key === "Tab" && plain) indent(area, unit, event.shiftKey);
    else if (event.key === "Enter" && plain && !event.shiftKey) newLine(area, unit);
    else if (event.key === "Escape" && plain) leave();
    else return;
    event.preventDefault();
  });
}

export function addNumbers(area) {
  const gutter = document.createElement("pre");
  gutter.className = "gutter";
  gutter.setAttribute("aria-hidden", "true");
  area.before(gutter);
  let shown = 0;
  const draw = () => {
    const count = area.value.split("\n").length;
    if (count !== shown) gutter.textContent = Array.from({ length: count }, (_, place) => place + 1).join("\n") + "\n\n\n";
    shown = count;
    gutter.scrollTop = area.scrollTop;
  };
  for (const name of ["input", "scroll", "course:shown"]) area.addEventListener(name, draw);
  draw();
}
