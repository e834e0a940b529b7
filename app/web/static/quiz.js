// Answers without loading the page anew, and moves the focus to what the answer says.

async function send(form) {
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!response.ok) throw new Error(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  document.getElementById("quiz").replaceChildren(...page.getElementById("quiz").childNodes);
  document.title = page.title;
  history.replaceState(null, "", response.url.split("#")[0]);
  announce();
}

function announce() {
  const result = document.getElementById("result");
  const place = result ?? document.getElementById("hints");
  if (!place) return;
  place.tabIndex = -1;
  place.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-question]")) return;
  event.preventDefault();
  send(form).catch(() => form.submit());
});

if (location.hash) announce();
