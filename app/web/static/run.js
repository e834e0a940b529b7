// Shows the results of a check run as they come, and offers to stop it.

import { post, stream } from "./stream.js";

const stopForm = document.querySelector("[data-stop]");

export function follow(run) {
  offerStop(run);
  return stream(run, { finished: () => finish(run), unknown: giveUp });
}

function giveUp() {
  offerStop(null);
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
  post(stopForm).catch(() => {}); // the run's end arrives with its other results
});

function finish(run) {
  offerStop(null);
  run.dispatchEvent(new CustomEvent("course:finished", { bubbles: true }));
}

document.querySelectorAll(".run[data-events]").forEach(follow);
