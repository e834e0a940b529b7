// Adds a copy button to commands and code. Without a script the text can be selected by hand.

function addButton(box) {
  if (box.querySelector(".copy")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = box.dataset.copy || "Copy";
  button.addEventListener("click", () => copy(box, button));
  box.classList.add("has-copy");
  box.append(button);
}

function textOf(box) {
  const pre = box.querySelector("pre").cloneNode(true);
  pre.querySelectorAll(".gp, .go").forEach((part) => part.remove()); // the prompt and what a command printed
  return pre.textContent.trim();
}

async function copy(box, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(textOf(box));
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(box.querySelector("pre"));
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = label; }, 2000);
}

function addButtons(root) {
  root.querySelectorAll(".highlight:not(.output), .command").forEach(addButton);
}

addButtons(document);
document.addEventListener("course:changed", (event) => addButtons(event.target));
