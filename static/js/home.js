// The form of the home page: drop, paste, preview, which shapes go with which video.
// Everything here is comfort: the form works without.
const form = document.querySelector("[data-upload]");
const zone = form.querySelector("[data-drop]");
const input = form.elements.photo;
const link = form.elements.image_url;

choose();
input.addEventListener("change", show);
form.addEventListener("change", choose);
document.getElementById("problem")?.focus();

// Dropping anywhere on the form will do: a near miss must not make the browser leave the page.
let depth = 0;
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    if (kind === "dragenter") depth += 1;
    if (kind === "dragleave") depth -= 1;
    if (kind === "drop") {
      depth = 0;
      take(event.dataTransfer.files);
    }
    zone.classList.toggle("over", depth > 0);
  });
}
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) {
    event.preventDefault();
    take(event.clipboardData.files);
  }
});

function take(files) {
  const photo = [...files].find((file) => file.type.startsWith("image/")) ?? files[0];
  if (!photo) return;
  const kept = new DataTransfer();
  kept.items.add(photo);
  input.files = kept.files;
  link.value = "";
  show();
  input.focus();
}

function show() {
  const old = zone.querySelector(".chosen");
  if (old) URL.revokeObjectURL(old.src);
  old?.remove();
  zone.querySelector(".big").toggleAttribute("hidden", false);
  const [photo] = input.files;
  if (!photo) return;
  const picture = new Image();
  picture.className = "chosen";
  picture.alt = "";
  // Not every browser can show what we can read (HEIC): then the icon stays.
  picture.addEventListener("load", () => {
    zone.querySelector(".big").toggleAttribute("hidden", true);
    zone.prepend(picture);
  });
  picture.src = URL.createObjectURL(photo);
}

// 3:4 exists for one model only.
function choose() {
  const model = form.elements.model.value;
  for (const ratio of form.querySelectorAll("[data-needs]")) {
    ratio.disabled = ratio.dataset.needs !== model;
    if (ratio.disabled && ratio.checked) form.elements.ratio[0].checked = true;
  }
}
