// The page of one portrait: asks how far it is until there is a verdict; copies texts.
const SETTLED = ["accepted", "rejected", "failed"];

const main = () => document.getElementById("main");
const isSettled = (page) => SETTLED.includes(page.dataset.state);

if (!isSettled(main())) later();
offerCopies();

// The page itself says when to look again, by how long the line is; trouble makes it seldomer.
function later(factor = 1) {
  setTimeout(async () => {
    // Nobody looks: no need to ask. The next look asks at once.
    if (document.hidden) await new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));
    const done = await isDone();
    if (!done) later(done === null ? Math.min(factor * 2, 16) : 1);
  }, factor * main().dataset.lookAgain);
}

// null: no telling.
async function isDone() {
  let response;
  try {
    response = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(20000) });
  } catch {
    return null; // offline or slow: the next time may do
  }
  if (response.status === 404) location.reload(); // deleted in another tab
  if (!response.ok) return response.status === 404 || null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = page.getElementById("main");
  if (!now?.dataset.state) return null;
  // The photo itself is here: its small copy is not wanted any more.
  if (!main().querySelector("source[data-small]")) now.querySelector("source[data-small]")?.remove();
  document.title = page.title;
  if (isSettled(now)) replace(now);
  else refresh(now);
  return isSettled(now);
}

// Only what changed: a live region speaks, and nobody loses their place.
function refresh(now) {
  for (const part of ["h1", ".lead", "[data-live]", ".photo"]) {
    const [old, fresh] = [main().querySelector(part), now.querySelector(part)];
    if (old && fresh && old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
  }
  Object.assign(main().dataset, now.dataset);
}

function replace(now) {
  // With its frame: a browser asks for a picture anew when it changes hands.
  const photo = main().querySelector(".canvas picture");
  const place = now.querySelector(".canvas picture");
  const gap = document.createElement("i");
  const same = photo && place?.innerHTML === photo.innerHTML;
  // The photo is there already. Any other copy would be loaded anew as soon as it is adopted.
  if (same) place.replaceWith(gap);
  document.adoptNode(now);
  if (same) gap.replaceWith(photo);
  main().replaceWith(now);
  offerCopies();
  const title = main().querySelector("h1");
  title.focus({ preventScroll: true });
  title.scrollIntoView({ block: "nearest" });
}

function offerCopies() {
  if (!navigator.clipboard) return; // only there on safe connections; a link then leads to the text
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.onclick = (event) => {
      event.preventDefault();
      copy(button);
    };
  }
}

async function copy(button) {
  const word = button.querySelector("span");
  button.dataset.word ??= word.textContent;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  word.textContent = button.dataset.done;
  setTimeout(() => { word.textContent = button.dataset.word; }, 2000);
}
