// How long the photo is still kept, to the minute, while the page is open. Nobody is told aloud.
const ends = new WeakMap();

function tick() {
  for (const time of document.querySelectorAll("[data-left]")) {
    if (!ends.has(time)) ends.set(time, Date.now() + 1000 * time.dataset.left);
    const minutes = Math.max(1, Math.ceil((ends.get(time) - Date.now()) / 60000));
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    if (hours >= 48) continue; // told in whole hours: true for long enough
    const form = hours < 1 || minutes === 60 ? "minutes" : rest ? "hours" : "whole";
    const said = time.dataset[form]
      .replace("{h}", hours)
      .replace("{m}", form === "minutes" ? minutes : rest);
    if (time.textContent !== said) time.textContent = said;
  }
}

tick();
setInterval(tick, 5000);
