// Sends the form with its photo, shows how far it is, and lets it be cancelled.
const form = document.querySelector("[data-upload]");
const panel = form.querySelector("[data-progress]");
const bar = panel.querySelector("progress");
const says = panel.querySelector("[role=status]");
const cancel = panel.querySelector("button");
const button = form.querySelector(".push");
const problem = document.getElementById("problem");
const MOST_BYTES = 1e7;
const MOST_SIDE = 4096;

form.addEventListener("submit", (event) => {
  const files = [...form.elements.photo.files];
  if (!files.length) return; // nothing to wait for
  event.preventDefault();
  clear();
  if (files.length > panel.dataset.mostAtOnce) tell(panel.dataset.tooMany.replace("{n}", files.length));
  else if (files.length > 1) sendAll();
  else sendOne(files[0]);
});
// Back from the portrait's page: the form is as it was left, in the middle of sending.
addEventListener("pageshow", (event) => event.persisted && ready());

async function sendAll() {
  button.disabled = true;
  try {
    const several = await import(form.dataset.several);
    several.sendAll({ form, post, light, reasons, tell });
  } catch {
    ready();
    tell(panel.dataset.failed);
  }
}

async function sendOne(photo) {
  const stop = new AbortController();
  cancel.onclick = () => stop.abort();
  says.textContent = panel.dataset.sending;
  bar.removeAttribute("value");
  panel.hidden = false;
  button.disabled = true;
  const entry = form.querySelector("[data-files] li");
  const reply = await post(await light(photo, entry), form.elements.idempotency_key.value, stop.signal, bar, () => {
    says.textContent = panel.dataset.reading;
  });
  if (reply.status && reply.status < 400) return location.assign(reply.url);
  ready();
  if (stop.signal.aborted) button.focus();
  else refused(reply);
}

// The file, or a smaller copy of a huge one. Small ones are never touched: that keeps their digest.
async function light(file, entry) {
  const picture = entry?.querySelector("img") ?? new Image();
  if (!picture.complete) await new Promise((done) => { picture.onload = picture.onerror = done; });
  if (file.size <= MOST_BYTES && Math.max(picture.naturalWidth, picture.naturalHeight) <= MOST_SIDE) return file;
  try {
    const { shrink } = await import(form.dataset.shrink);
    const smaller = await shrink(file, MOST_SIDE, MOST_BYTES);
    if (entry) entry.querySelector("[data-smaller]").hidden = !smaller;
    return smaller ?? file;
  } catch {
    return file; // whatever is the matter with it, the server can tell
  }
}

// One photo on its way. The reply has the status 0 when none came.
async function post(photo, key, signal, progress, sent) {
  // The server would only cut it off in the middle, without a word.
  if (photo.size > panel.dataset.mostBytes) return { status: 0, words: panel.dataset.tooLarge, final: true };
  const body = new FormData(form);
  body.set("photo", photo, photo.name);
  body.set("idempotency_key", key);
  const reply = await request(body, signal, progress, sent);
  if (reply.status !== 403) return reply;
  const { renew } = await import(form.dataset.refusal).catch(() => ({ renew: () => false }));
  return (await renew(form, body)) ? request(body, signal, progress, sent) : reply;
}

function request(body, signal, progress, sent) {
  return new Promise((done) => {
    const xhr = new XMLHttpRequest(); // fetch cannot tell how much has been sent
    xhr.open("POST", form.action);
    xhr.responseType = "document";
    xhr.upload.addEventListener("progress", (event) => {
      progress.max = event.total;
      progress.value = event.loaded;
      if (event.loaded !== event.total) return;
      progress.removeAttribute("value");
      sent();
    });
    xhr.addEventListener("loadend", () => done({ status: xhr.status, url: xhr.responseURL, page: xhr.response }));
    signal.addEventListener("abort", () => xhr.abort());
    if (signal.aborted) done({ status: 0 });
    else xhr.send(body);
  });
}

// Why it was not taken, in the words of the page that came back, or in ours when none did.
function reasons(reply) {
  const told = [...(reply.page?.querySelectorAll("[data-upload] .wrong:not([hidden])") ?? [])];
  const lead = reply.page?.querySelector("main .lead")?.textContent;
  const words = reply.words ?? (reply.status && lead) ?? null;
  return { told, words: words || (navigator.onLine ? panel.dataset.failed : panel.dataset.offline) };
}

// What the server has to say about it is told by a module of its own: most photos are taken.
async function refused(reply) {
  const { told, words } = reasons(reply);
  if (!told.length) return tell(words);
  try {
    (await import(form.dataset.refusal)).show(form, reply, told, tell);
  } catch {
    tell(told[0].textContent);
  }
}

function tell(words) {
  problem.querySelector("span").textContent = words.trim();
  problem.hidden = false;
  problem.focus();
  // Being offline is over as soon as it is over.
  if (words === panel.dataset.offline) addEventListener("online", forget, { once: true });
}

function forget() {
  if (problem.textContent.trim() === panel.dataset.offline) clear();
}

function clear() {
  for (const old of form.querySelectorAll(".receipt, .wrong:not(#problem)")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  problem.hidden = true;
}

function ready() {
  panel.hidden = true;
  button.disabled = form.classList.contains("sending");
}
