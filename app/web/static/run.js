// Puts the results of a check run on the page as they come, and goes on where a broken stream ended.

const shown = new WeakMap(); // a part that did not change stays, or a screen reader would read it out again
const stopForm = document.querySelector("[data-stop]");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function show(line) {
  const change = JSON.parse(line);
  for (const [id, html] of Object.entries(change.parts)) {
    const place = document.getElementById(id);
    if (!place || shown.get(place) === html) continue;
    shown.set(place, html);
    place.innerHTML = html; // rendered by the site from the same template as the page, escaped there
    place.dispatchEvent(new CustomEvent("course:changed", { bubbles: true }));
  }
  return change;
}

async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts.filter((part) => part.trim());
  }
}

export async function follow(run) {
  let number = Number(run.dataset.number);
  let misses = 0;
  offerStop(run);
  while (run.isConnected) {
    try {
      const response = await fetch(`${run.dataset.events}?after=${number}`, {
        headers: { "X-CSRF-Token": document.querySelector("[name=csrf]")?.value ?? "" },
      });
      if (response.status >= 500) throw new Error("the site stumbled: ask again");
      if (!response.ok) return giveUp(run);
      misses = 0;
      tellOfConnection(run, false);
      for await (const line of lines(response)) {
        if (!run.isConnected) return;
        const change = show(line);
        number = change.number;
        if (change.event === "run_finished") return finish(run);
      }
    } catch {
      misses += 1; // a stream that broke is asked for again before anything is said
      tellOfConnection(run, misses > 1);
      await pause(1000);
    }
    await pause(300);
  }
}

function tellOfConnection(run, isLost) {
  const place = run.querySelector("#run-connection");
  if (place.hidden !== isLost) return;
  place.hidden = !isLost;
  place.textContent = isLost ? "The connection to the course is lost. Is “course serve” still running? This page goes on by itself as soon as it answers." : "";
}

function giveUp(run) {
  offerStop(null);
  tellOfConnection(run, false);
  document.getElementById("run-summary").textContent = "The course does not know this run any more. Press Check again.";
}

function offerStop(run) {
  if (!stopForm) return;
  const button = stopForm.querySelector("button");
  if (!run?.dataset.cancel && document.activeElement === button) document.querySelector("[data-check]")?.focus();
  stopForm.hidden = !run?.dataset.cancel; // a run of a terminal is stopped there
  stopForm.action = run?.dataset.cancel ?? "";
}

stopForm?.addEventListener("submit", (event) => {
  event.preventDefault();
  // The run's end arrives with its other results. The button stays as it is: a disabled one loses the focus.
  const body = new URLSearchParams(new FormData(stopForm));
  fetch(stopForm.action, { method: "POST", headers: { Accept: "application/json" }, body }).catch(() => {});
});

function finish(run) {
  offerStop(null);
  run.dispatchEvent(new CustomEvent("course:finished", { bubbles: true }));
}

document.querySelectorAll("[data-events]").forEach(follow);
