// Sends several photos one after the other, each with a line of its own, and follows their verdicts.
const UNSETTLED = ["waiting", "judging"];
const PAUSE_MS = 2000;

export async function sendAll({ form, post, light, reasons, tell }) {
  const panel = form.querySelector("[data-summary]");
  const says = panel.querySelector("[role=status]");
  const heard = panel.querySelector("[aria-live]");
  const next = panel.querySelector(".row");
  const again = panel.querySelector("[data-again]");
  const words = panel.dataset;
  const lines = [...form.elements.photo.files].map((file, number) => ({ file, number, entry: form.querySelectorAll("[data-files] li")[number] }));
  const stay = (event) => event.preventDefault();
  let following = false;
  let sending = 0;

  form.classList.add("sending");
  panel.hidden = false;
  panel.querySelector("[data-all]").classList.add("push"); // the form's own is gone
  comeHere();
  for (const line of lines) start(line);
  again.onclick = () => {
    comeHere();
    document.getElementById("problem").hidden = true;
    run();
  };
  await run();

  // The buttons are gone that were pressed; the lines above must not scroll away with them.
  function comeHere() {
    says.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }

  async function run() {
    next.hidden = true;
    addEventListener("beforeunload", stay);
    let stopped = "";
    for (const line of lines) {
      if (stopped || line.state !== "due") continue;
      sending = line.number + 1;
      report();
      stopped = await send(line);
    }
    sending = 0;
    removeEventListener("beforeunload", stay);
    again.hidden = !stopped;
    next.hidden = false;
    report();
    if (stopped) tell(stopped);
  }

  function start(line) {
    const { entry } = line;
    line.state = "due";
    line.stop = new AbortController();
    line.says = entry.querySelector("[data-says]");
    line.link = entry.querySelector("a");
    line.out = entry.querySelector("[data-out]");
    line.out.firstElementChild.textContent = words.cancel;
    line.out.onclick = () => {
      line.stop.abort();
      end(line, "cancelled", words.cancelled);
      comeHere();
      report();
    };
  }

  // Gives the words for what keeps the rest from being sent, too.
  async function send(line) {
    const bar = line.entry.querySelector("progress");
    line.says.textContent = "";
    bar.hidden = false;
    const key = `${form.elements.idempotency_key.value}-${line.number}`;
    const photo = await light(line.file, line.entry);
    // What has arrived can no longer be kept from being looked at, only be deleted.
    const reply = await post(photo, key, line.stop.signal, bar, () => { line.out.hidden = true; });
    bar.hidden = true;
    if (line.stop.signal.aborted) return "";
    if (reply.status && reply.status < 400) {
      line.url = new URL(reply.url).pathname;
      end(line, "taken", words.taken);
      line.link.href = line.url;
      line.link.hidden = false;
      if (!following) follow();
      return "";
    }
    const { told, words: otherwise } = reasons(reply);
    const why = told.map((reason) => reason.textContent.trim()).join(" ") || otherwise;
    if (reply.final || reply.status === 422) {
      end(line, "refused", why);
      line.says.classList.add("no-text");
      return "";
    }
    line.says.textContent = words.unsent;
    line.out.hidden = false;
    return why;
  }

  function end(line, state, text) {
    line.state = state;
    line.says.textContent = text;
    line.out.hidden = true;
  }

  // The verdicts are read from the visitor's own list, one look for all of them.
  async function follow() {
    following = true;
    let factor = 1;
    let pause = PAUSE_MS;
    while (lines.some(({ state }) => state === "taken")) {
      await new Promise((done) => { setTimeout(done, pause * factor); });
      if (document.hidden) await new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));
      const page = await look();
      factor = page ? 1 : Math.min(factor * 2, 16);
      if (!page) continue;
      pause = Number(page.getElementById("main").dataset.lookAgain) || PAUSE_MS;
      for (const line of lines.filter(({ state }) => state === "taken")) settle(line, page);
    }
    following = false;
  }

  async function look() {
    try {
      const response = await fetch(form.dataset.list, { signal: AbortSignal.timeout(20000) });
      return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
    } catch {
      return null; // offline or slow: the next time may do
    }
  }

  function settle(line, page) {
    const found = page.querySelector(`[data-portrait="${line.url.split("/").at(-2)}"]`);
    if (found && UNSETTLED.includes(found.dataset.state)) return;
    const [verdict, name] = ["[data-verdict]", "[data-name]"].map((part) => found?.querySelector(part)?.textContent);
    line.state = "checked";
    line.says.textContent = "";
    line.link.firstElementChild.textContent = found ? [verdict, name].filter(Boolean).join(words.comma) : words.gone;
    line.link.className = found?.querySelector("[data-verdict]").className ?? "";
    line.verdict = found?.dataset.state;
    const told = words.news.replace("{verdict}", line.link.firstElementChild.textContent);
    heard.textContent = told.replace("{name}", () => line.file.name);
    report();
  }

  // Those that were never taken are no part of what is checked.
  function report() {
    const count = (kind, state) => lines.filter((line) => line[kind] === state).length;
    const [checked, refused] = [count("state", "checked"), count("state", "refused")];
    const taken = lines.length - count("state", "cancelled") - refused;
    const told = [];
    if (sending) told.push(filled(words.sending, { n: sending, all: lines.length }));
    else if (taken) told.push(filled(words.checked, { n: checked, all: taken }));
    if (checked) told.push(filled(words.verdicts, { yes: count("verdict", "accepted"), no: count("verdict", "rejected") }));
    if (refused) told.push(filled(words.refused, { n: refused }));
    says.textContent = told.join(document.documentElement.lang.startsWith("zh") ? "" : " ");
  }

  function filled(text, numbers) {
    return text.replace(/{(\w+)}/g, (_all, name) => numbers[name]);
  }
}
