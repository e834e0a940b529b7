// Asks once a second whether a file was saved, and then shows the page as it is now, where the author was reading.

const SECOND = 1000;
const news = document.getElementById("freshness");
let stamp = news.dataset.stamp;

function say(words, isLost = false) {
  if (news.textContent !== words) news.textContent = words;
  news.classList.toggle("is-lost", isLost);
}

async function renew() {
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  const fresh = page.getElementById("preview");
  if (!fresh) throw new Error("no preview");
  document.getElementById("preview").replaceWith(fresh);
  document.querySelector("h1").textContent = page.querySelector("h1").textContent;
  document.title = page.title;
  stamp = page.getElementById("freshness").dataset.stamp;
  say(`Read anew at ${new Date().toLocaleTimeString()}.`);
}

async function look() {
  try {
    const answer = await fetch(news.dataset.state, { headers: { "If-None-Match": `"${stamp}"` }, cache: "no-store" });
    if (answer.status === 204) await renew();
    else if (answer.status !== 304) throw new Error(answer.status);
    else if (news.classList.contains("is-lost")) say("The page follows the file again.");
  } catch {
    say("The preview was ended, or can't be reached. Start `course preview` again.", true);
  }
}

say("The page follows the file: save it, and look here.");
setInterval(() => { if (!document.hidden) look(); }, SECOND);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
