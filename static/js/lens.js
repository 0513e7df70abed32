// The photo, larger: it opens where the fault is, and a press on the photo does what the switch does.
const switchOf = (lens) => lens.closest(".print").querySelector("[name=larger]");

// A phone got a small copy, to see something at once. The photo itself takes its place when all else
// is there, or when it is enlarged by somebody who saves data.
const sharpen = () => document.querySelector("source[data-small]")?.remove();
if (!navigator.connection?.saveData) {
  if (document.readyState === "complete") sharpen();
  else addEventListener("load", sharpen);
}

// Pressed before this ran.
for (const { parentElement } of document.querySelectorAll("[name=larger]:checked")) show(parentElement.closest(".print").querySelector(".lens"));

let held = null; // where a mouse took hold of an enlarged photo, and whether it has moved it

addEventListener("change", ({ target }) => target.name === "larger" && show(target.closest(".print").querySelector(".lens")));

addEventListener("click", (event) => {
  const lens = event.target.closest?.(".lens");
  if (!lens || held?.moved) return;
  const { left, top, width, height } = lens.firstElementChild.getBoundingClientRect();
  switchOf(lens).checked = !switchOf(lens).checked;
  show(lens, (event.clientX - left) / width, (event.clientY - top) / height);
});

addEventListener("keydown", (event) => {
  const print = event.target.closest?.(".print:has([name=larger]:checked)");
  if (event.key !== "Escape" || !print) return;
  print.querySelector("[name=larger]").checked = false;
  show(print.querySelector(".lens"));
  print.querySelector("[name=larger]").focus();
});

// A finger moves it by itself.
addEventListener("pointerdown", (event) => {
  const lens = event.target.closest?.(".lens");
  held = lens && event.pointerType === "mouse" && switchOf(lens).checked ? { lens, moved: false } : null;
});
addEventListener("pointermove", (event) => {
  if (!held || !event.buttons) return;
  held.lens.scrollBy({ left: -event.movementX, top: -event.movementY, behavior: "instant" });
  held.moved ||= Math.abs(event.movementX) + Math.abs(event.movementY) > 2;
});
addEventListener("dragstart", (event) => event.target.closest?.(".lens") && event.preventDefault());

// Shares of the photo's width and height come to the middle; without them, what is marked does.
function show(lens, across, down) {
  const large = switchOf(lens).checked;
  if (large) sharpen();
  if (large) lens.tabIndex = 0;
  else lens.removeAttribute("tabindex");
  const canvas = lens.firstElementChild.getBoundingClientRect();
  if (across === undefined) {
    const mark = (lens.querySelector(".spot .pencil:not(.hatch)") ?? lens.querySelector("[data-bbox=face]") ?? lens).getBoundingClientRect();
    across = (mark.left + mark.width / 2 - canvas.left) / canvas.width;
    down = (mark.top + mark.height / 2 - canvas.top) / canvas.height;
  }
  lens.scrollTo(across * canvas.width - lens.clientWidth / 2, down * canvas.height - lens.clientHeight / 2);
}
