// Plays a scenario where its box stands. Without this script the form leads to a page that shows the same.

async function play(form) {
  const box = form.closest(".scenario");
  const [button, news] = [form.querySelector("button"), form.querySelector("[data-news]")];
  if (button.disabled) return;
  button.disabled = true;
  news.textContent = "Starting your program and playing …";
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!response.ok) return form.submit(); // the site's own page says what to do
    box.querySelector("[data-outcome]").innerHTML = (await response.json()).html; // escaped by the site's template
    news.textContent = "Played. What happened stands below.";
    button.textContent = "Play it again";
  } catch {
    news.textContent = "The course does not answer. Is “course serve” still running?";
  } finally {
    button.disabled = false;
    button.focus();
  }
}

for (const form of document.querySelectorAll("[data-scenario]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    play(form);
  });
}
