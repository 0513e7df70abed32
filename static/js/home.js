// The form of the home page: drop, paste, preview, taking out, which shapes go with which video.
// Everything here is comfort: the form works without.
const form = document.querySelector("[data-upload]");
const zone = form.querySelector("[data-drop]");
const input = form.elements.photo;
const link = form.elements.image_url;
const list = form.querySelector("[data-files]");
const told = form.querySelector("[data-told]");
const button = form.querySelector(".push");
const word = button.textContent;
const problem = document.getElementById("problem");
const { mostAtOnce, tooMany } = form.querySelector("[data-progress]").dataset;
const ADDRESS = /^https?:\/\/\S+$/i;
let crowded = false;
const sending = () => button.disabled && !crowded;

choose();
addEventListener("pageshow", () => sending() || show()); // going back may keep the files
input.addEventListener("change", () => {
  if (input.files.length) newest("photo");
  show();
  goOn();
});
// While it is typed: done only once the button is pressed, the page would move away under the finger.
link.addEventListener("input", () => ADDRESS.test(link.value.trim()) && newest("link"));
form.addEventListener("change", choose);
(form.querySelector(".receipt") ?? problem).focus();

// Dropping anywhere will do: a near miss must not make the browser leave the page.
let depth = 0;
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const { types, files } = event.dataTransfer;
    const address = !types.includes("Files") && types.includes("text/uri-list") && form.contains(event.target);
    if (!types.includes("Files") && !address) return;
    event.preventDefault();
    if (kind === "dragenter") depth += 1;
    if (kind === "dragleave") depth -= 1;
    if (kind === "drop") {
      depth = 0;
      if (address) takeLink(event.dataTransfer.getData("text/uri-list").split("\n")[0]);
      else take([...files]);
    }
    zone.classList.toggle("over", depth > 0);
  });
}
document.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  const text = event.clipboardData.getData("text").trim();
  if (files.length) take(files);
  else if (!event.target.matches?.("[type=url]") && ADDRESS.test(text)) takeLink(text);
  else return;
  event.preventDefault();
});
list.addEventListener("click", (event) => {
  if (!event.target.closest("[data-out]") || sending()) return;
  const place = [...list.children].indexOf(event.target.closest("li"));
  put([...input.files].filter((_file, number) => number !== place));
  input.focus();
});

function take(files) {
  // Some systems do not know what HEIC is.
  const photos = files.filter(({ type, name }) => type.startsWith("image/") || /\.hei[cf]$/i.test(name));
  if (!files.length || sending()) return;
  put(photos.length ? photos : files);
  newest("photo");
  input.focus();
  goOn();
}

// On a phone, what was chosen pushes the button out of the window.
function goOn() {
  if (input.files.length) button.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function takeLink(address) {
  if (sending()) return;
  link.value = address.trim();
  newest("link");
  link.focus();
}

function put(files) {
  const kept = new DataTransfer();
  for (const file of files) kept.items.add(file);
  input.files = kept.files;
  show();
}

// Either files or a link: what came last wins, and that is said.
function newest(kind) {
  const replaces = kind === "photo" ? link.value !== "" : input.files.length > 0;
  if (kind === "photo") link.value = "";
  else if (replaces) put([]);
  if (replaces) told.textContent = told.dataset[kind];
  else if (kind === "photo") told.textContent = "";
}

function show() {
  for (const picture of list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
  const files = [...input.files];
  list.replaceChildren(...files.map(line));
  list.hidden = !files.length;
  zone.classList.toggle("full", !list.hidden);
  button.textContent = files.length > 1 ? button.dataset.many.replace("{n}", files.length) : word;
  if (files.length > mostAtOnce || crowded) crowd(files.length);
}

// Told while they are being chosen; the button comes back once some were taken out.
function crowd(count) {
  crowded = count > mostAtOnce;
  button.disabled = crowded;
  problem.hidden = !crowded;
  problem.querySelector("span").textContent = tooMany.replace("{n}", count);
}

function line(file) {
  const entry = form.querySelector("[data-file]").content.firstElementChild.cloneNode(true);
  const picture = entry.querySelector("img");
  // Not every browser can show what we can read (HEIC): then the icon stays.
  picture.addEventListener("load", () => {
    picture.hidden = false;
    entry.querySelector(".icon").remove();
    goOn(); // it is larger than the icon
  }, { once: true });
  picture.src = URL.createObjectURL(file);
  for (const name of entry.querySelectorAll("[data-name]")) name.textContent = file.name;
  entry.querySelector("[data-size]").textContent = weight(file.size);
  return entry;
}

function weight(size) {
  return size < 1e6 ? `${size && Math.max(1, Math.round(size / 1000))} KB` : `${(size / 1e6).toFixed(1)} MB`;
}

// 3:4 exists for one model only.
function choose() {
  const model = form.elements.model.value;
  for (const ratio of form.querySelectorAll("[data-needs]")) {
    ratio.disabled = ratio.dataset.needs !== model;
    if (ratio.disabled && ratio.checked) form.elements.ratio[0].checked = true;
  }
}
