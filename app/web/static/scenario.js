// Plays a scenario where its box stands. Without this script the form leads to a page that shows the same.

import { post, stream } from "./stream.js";

function addPlayer(form) {
  const box = form.closest(".scenario");
  const stop = box.querySelector("[data-stop-playing]");
  const outcome = box.querySelector("[data-outcome]");
  const button = form.querySelector("button");

  function offerStop(run) {
    if (!run && document.activeElement === stop.querySelector("button")) button.focus();
    stop.hidden = !run?.dataset.cancel;
    stop.action = run?.dataset.cancel ?? "";
  }

  function say(words) {
    const place = outcome.querySelector("[role=status]") ?? outcome;
    place.textContent = words;
  }

  function over(words) {
    offerStop(null);
    button.textContent = "Play it again";
    if (words) say(words);
  }

  function follow(run) {
    offerStop(run);
    stream(run, { finished: over, unknown: () => over("The course does not know this run any more. Play it again.") });
  }

  async function play() {
    try {
      const response = await post(form);
      if (!response.ok) return form.submit(); // the site's own page says what to do
      outcome.innerHTML = (await response.json()).html; // escaped by the site's template
      follow(outcome.firstElementChild);
    } catch {
      say("The course does not answer. Is “course serve” still running?");
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    play();
  });
  stop.addEventListener("submit", (event) => {
    event.preventDefault();
    post(stop).catch(() => {}); // the end arrives with what happened until then
  });
  const going = outcome.querySelector("[data-events]");
  if (going) follow(going);
}

document.querySelectorAll("[data-play]").forEach(addPlayer);
