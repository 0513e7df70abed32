// The list of portraits: tells what was deleted, and follows those that have no verdict yet.
const main = () => document.getElementById("main");
const all = (page) => [...page.querySelectorAll("[data-portrait]")];
const UNSETTLED = ["waiting", "judging"];

document.getElementById("told")?.focus();
if (main().dataset.lookAgain) later();

// The page says when to look again, by how long the line is; trouble makes it seldomer.
function later(factor = 1) {
  setTimeout(async () => {
    // Nobody looks: no need to ask. The next look asks at once.
    if (document.hidden) await new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));
    const now = await look();
    if (now) refresh(now);
    if (!now) later(Math.min(factor * 2, 16));
    else if (main().dataset.lookAgain) later();
  }, factor * main().dataset.lookAgain);
}

async function look() {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(20000) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return response.ok && page.querySelector("[data-news]") ? page : null;
  } catch {
    return null; // offline or slow: the next time may do
  }
}

// Only what changed, so that nobody loses their place and no photo is loaded twice.
function refresh(page) {
  const list = main().querySelector("[data-entries]");
  const fresh = all(page);
  if (!list || !fresh.length) return location.reload(); // all were deleted in another tab
  const known = new Map(all(list).map((entry) => [entry.dataset.portrait, entry]));
  const news = [];
  fresh.forEach((entry, place) => {
    let old = known.get(entry.dataset.portrait);
    known.delete(entry.dataset.portrait);
    if (!old) old = document.adoptNode(entry);
    else if (update(old, entry)) news.push(told(old));
    if (list.children[place] !== old) list.insertBefore(old, list.children[place] ?? null);
  });
  for (const gone of known.values()) gone.remove();
  const waiting = page.querySelector("[data-waiting]").textContent;
  const line = main().querySelector("[data-waiting]");
  if (line.textContent !== waiting) line.textContent = waiting;
  const says = main().querySelector("[data-news]");
  if (!waiting) news.push(says.dataset.done);
  if (news.length) says.textContent = news.join(" ");
  main().dataset.lookAgain = page.getElementById("main").dataset.lookAgain ?? "";
}

// True when there is a verdict that was not there before.
function update(old, entry) {
  const ago = entry.querySelector("[data-ago]");
  if (shape(old) === shape(entry)) {
    const shown = old.querySelector("[data-ago]");
    if (shown.textContent !== ago.textContent) shown.textContent = ago.textContent;
    return false;
  }
  const [photo, again] = [old.querySelector("img"), entry.querySelector("img")];
  const [link, fresh] = [old.querySelector("a"), entry.querySelector("a")];
  const gap = document.createElement("i");
  // The photo is there already. Any other copy would be loaded anew as soon as it is adopted.
  if (photo && again) again.replaceWith(gap);
  link.replaceChildren(...fresh.childNodes);
  if (gap.parentNode) gap.replaceWith(photo);
  const settles = UNSETTLED.includes(old.dataset.state) && !UNSETTLED.includes(entry.dataset.state);
  old.dataset.state = entry.dataset.state;
  return settles;
}

function shape(entry) {
  return [entry.dataset.state, Boolean(entry.querySelector("img")), ...parts(entry)].join("|");
}

function told(entry) {
  const { comma, one } = main().querySelector("[data-news]").dataset;
  return one.replace("{verdict}", parts(entry).join(comma));
}

function parts(entry) {
  return [...entry.querySelectorAll("[data-verdict], [data-name]")].map((part) => part.textContent);
}
