// Puts steps in order where they stand: by the arrows, or by choosing a place. Without it the server does.

function renumber(list) {
  [...list.children].forEach((item, place) => (item.querySelector("select").value = String(place + 1)));
}

function move(list, item, place) {
  const others = [...list.children].filter((each) => each !== item);
  list.insertBefore(item, others[place] ?? null);
  renumber(list);
  const text = item.querySelector("[data-text]").textContent.trim();
  list.parentElement.querySelector("[data-order-news]").textContent = `${text}: place ${place + 1} of ${others.length + 1}`;
}

function press(event) {
  const button = event.target.closest("button[name=up], button[name=down]");
  if (!button) return;
  event.preventDefault();
  const item = button.closest("li");
  const list = item.parentElement;
  const place = [...list.children].indexOf(item) + (button.name === "up" ? -1 : 1);
  move(list, item, Math.min(Math.max(place, 0), list.children.length - 1));
  button.focus();
}

function choose(event) {
  const item = event.target.closest("li");
  move(item.parentElement, item, Number(event.target.value) - 1);
  event.target.focus();
}

export function addOrders(root) {
  for (const list of root.querySelectorAll("[data-order]:not([data-live-order])")) {
    list.dataset.liveOrder = "yes";
    list.addEventListener("click", press);
    list.addEventListener("change", choose);
  }
}
