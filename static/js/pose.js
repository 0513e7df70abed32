// Live hints: shows small frames to the server, tells what it answers, and counts down when all is
// well. One frame is on its way at a time, two a second at most, fewer when answers take long.
const EVERY_MS = 500;
const STEADY_MS = 1000;
const READABLE_MS = 1200;
const SIDE = 480;

export async function watch({ form, part, says, count, draw, level, countDown, cancel, open }) {
  const view = part("window");
  const auto = part("auto");
  let missed = 0;
  let steadySince = 0;
  let counting = false;
  let saidAt = 0;

  while (open()) {
    const began = performance.now();
    const told = await ask();
    if (!open()) return;
    missed = told?.hints ? 0 : missed + 1;
    part("off").hidden = missed < 3;
    auto.disabled = missed >= 3;
    if (told?.hints) show(told);
    press(told?.ready && auto.checked);
    const took = performance.now() - began;
    await new Promise((later) => setTimeout(later, Math.max(EVERY_MS, 3 * took, told?.again_ms ?? 3000) - took));
  }

  async function ask() {
    try {
      const frame = await new Promise((done) => draw(SIDE).toBlob(done, "image/jpeg", 0.8));
      const where = view.classList.contains("mirrored") ? "" : "?camera=back";
      const reply = await fetch(form.dataset.hints + where, {
        method: "POST",
        body: frame,
        headers: { "Content-Type": "image/jpeg", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        signal: AbortSignal.timeout(5000),
      });
      return await reply.json();
    } catch {
      return null; // offline, slow or out of order: the next frame may do
    }
  }

  function show({ hints, say, ready, roll }) {
    view.classList.toggle("ready", ready);
    view.toggleAttribute("data-level", roll !== null);
    if (roll !== null) level(roll);
    hints.forEach(({ id, text, passed }) => {
      const row = part(`hint=${id}`);
      row.className = passed ? "done" : passed === null ? "unknown" : "todo";
      row.setAttribute("aria-hidden", passed === null);
      row.lastChild.textContent = text;
    });
    // Words that change with every frame can be neither read nor heard.
    if (!say || say === says.textContent || (!ready && performance.now() - saidAt < READABLE_MS)) return;
    says.textContent = say;
    saidAt = performance.now();
  }

  // The automatic shutter: a second of all being well, then the count, which ends when it is not.
  function press(well) {
    if (counting && !well) cancel();
    counting &&= well && count.textContent !== "";
    if (!well) steadySince = 0;
    else if (!steadySince) steadySince = performance.now();
    else if (!count.textContent && performance.now() - steadySince >= STEADY_MS) {
      counting = true;
      countDown();
    }
  }
}
