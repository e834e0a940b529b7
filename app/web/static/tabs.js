// A tab that is opened opens the tabs of that name on the whole page, and the site remembers it.

const nameOf = (input) => document.querySelector(`label[for="${input.id}"]`)?.textContent.trim();

function follow(chosen) {
  const top = chosen.getBoundingClientRect().top;
  for (const input of document.querySelectorAll(".tabbed-set > input")) {
    if (nameOf(input) === nameOf(chosen)) input.checked = true;
  }
  scrollBy(0, chosen.getBoundingClientRect().top - top); // what opens above must not push the reader away
}

function remember(name) {
  const form = document.querySelector("[data-tabs-choice]");
  if (!form) return;
  form.elements.language.value = name.toLowerCase();
  fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => {}); // then it holds for this page
}

document.addEventListener("change", (event) => {
  if (!event.target.matches(".tabbed-set > input")) return;
  follow(event.target);
  remember(nameOf(event.target));
});
