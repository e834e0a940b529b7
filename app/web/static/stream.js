// Puts the results of a run on the page as they come, and goes on where a broken stream ended.

const shown = new WeakMap(); // a part that did not change stays, or a screen reader would read it out again
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

// Follows an element with data-events and data-number until the run is over, or the element has left the page.
export async function stream(run, { finished, unknown }) {
  let number = Number(run.dataset.number);
  let misses = 0;
  while (run.isConnected) {
    try {
      const response = await fetch(`${run.dataset.events}?after=${number}`, {
        headers: { "X-CSRF-Token": document.querySelector("[name=csrf]")?.value ?? "" },
      });
      if (response.status >= 500) throw new Error("the site stumbled: ask again");
      misses = 0;
      tellOfConnection(run, false);
      if (!response.ok) return unknown();
      for await (const line of lines(response)) {
        if (!run.isConnected) return;
        const change = show(line);
        number = change.number;
        if (change.event === "run_finished") return finished();
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
  const place = run.querySelector("[data-connection]");
  if (place.hidden !== isLost) return;
  place.hidden = !isLost;
  place.textContent = isLost ? "The connection to the course is lost. Is “course serve” still running? This page goes on by itself as soon as it answers." : "";
}

// Sends a form in the background. Its button stays as it is: a disabled one loses the focus.
export function post(form) {
  const body = new URLSearchParams(new FormData(form));
  return fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
}
