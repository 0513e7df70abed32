// The camera page: shows the camera, takes one picture and gives it to the form as if it had been
// chosen. Without script, or without a camera, there is the file chooser.
const form = document.querySelector("[data-upload]");
const part = (name) => form.querySelector(`[data-${name}]`);
const video = form.querySelector("video");
const view = part("window");
const says = part("says");
const count = part("count");
const shutter = part("shutter");
const { photo: input, source, model, ratio } = form.elements;

const TROUBLES = {
  NotAllowedError: "refused", SecurityError: "refused",
  NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
};
const LEAST = 400; // pixels a side; a narrower picture would be refused
const BLACK_MS = 3000;

let stream = null;
let turn = 0; // tells what was begun before from what is wanted now
let counted = 0;
let choice = { facingMode: "user" };
const pause = (ms) => new Promise((later) => setTimeout(later, ms));

part("start").hidden = false;
part("start").onclick = start;
part("choose").onclick = (event) => {
  event.preventDefault();
  stop("file");
  input.focus();
};
part("again").onclick = async () => {
  await start();
  shutter.focus();
};
part("switch").onclick = other;
shutter.onclick = () => {
  if (count.textContent) cancel();
  else if (part("timer").checked) countDown();
  else take();
};
form.addEventListener("change", shapes);
input.addEventListener("change", sender);
video.addEventListener("resize", frame); // a phone was turned
addEventListener("pagehide", () => stop());
document.addEventListener("visibilitychange", () => {
  if (form.dataset.mode !== "camera") return;
  if (document.hidden) stop();
  else start();
});
// How the phone is held, where that can be known without asking. What the face tells goes first.
addEventListener("deviceorientation", ({ beta, gamma }) => {
  if (beta === null || view.dataset.level || screen.orientation?.angle) return;
  const [b, g] = [beta, gamma].map((degrees) => (degrees * Math.PI) / 180);
  level((Math.atan2(Math.cos(b) * Math.sin(g), Math.sin(b)) * 180) / Math.PI);
});
shapes();
start();

async function start() {
  stop("camera");
  const mine = turn;
  part("told").replaceChildren();
  says.textContent = says.dataset.waiting;
  try {
    if (!navigator.mediaDevices?.getUserMedia) return trouble(isSecureContext ? "unsupported" : "insecure");
    const size = { width: { ideal: 1920 }, height: { ideal: 1440 } };
    const got = await navigator.mediaDevices.getUserMedia({ video: { ...size, ...choice } });
    if (mine !== turn) return end(got);
    stream = got;
    const [track] = got.getVideoTracks();
    track.onended = () => mine === turn && trouble("ended");
    view.classList.toggle("mirrored", track.getSettings().facingMode !== "environment");
    video.srcObject = got;
    await video.play();
    if (mine === turn) shown(mine);
  } catch (error) {
    if (mine === turn) trouble(TROUBLES[error.name] ?? "other");
  }
}

async function shown(mine) {
  says.textContent = "";
  shutter.disabled = false;
  frame();
  part("switch").classList.toggle("alone", (await cameras()).length < 2);
  hint(() => mine === turn);
  for (let light = performance.now(); mine === turn; await pause(500)) {
    if (!isBlack()) light = performance.now();
    else if (performance.now() - light > BLACK_MS) trouble("black");
  }
}

// Hints are a help: whatever happens to them, the shutter works.
async function hint(open) {
  if (!form.dataset.pose) return;
  try {
    await (await import(form.dataset.pose)).watch({ form, part, says, count, draw, level, countDown, cancel, open });
  } catch {
    part("off").hidden = false;
  }
}

async function cameras() {
  return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
}

// Ends the stream: the light beside the lens goes out.
function stop(mode) {
  turn += 1;
  cancel();
  if (stream) end(stream);
  stream = video.srcObject = null;
  shutter.disabled = true;
  if (!mode) return;
  form.dataset.mode = mode;
  source.disabled = mode !== "review";
  if (mode === "camera") input.value = "";
}

function end(ended) {
  for (const track of ended.getTracks()) track.stop();
}

function trouble(kind) {
  stop("file");
  part("told").replaceChildren(document.querySelector(`[data-trouble=${kind}]`).content.cloneNode(true));
}

async function other() {
  const { facingMode, deviceId } = stream?.getVideoTracks()[0].getSettings() ?? {};
  const ids = (await cameras()).map((device) => device.deviceId);
  // A phone has several lenses at its back: front and back are what people mean.
  if (facingMode) choice = { facingMode: facingMode === "user" ? "environment" : "user" };
  else choice = { deviceId: { exact: ids[(ids.indexOf(deviceId) + 1) % ids.length] } };
  start();
}

// What is seen is what is taken: an upright part of the picture, as much of it as there is.
function frame() {
  const { videoWidth: width, videoHeight: height } = video;
  if (width) view.dataset.shape = width < height ? "tall" : height * 0.8 < LEAST ? "square" : "wide";
}

function draw(longest = Infinity) {
  const { videoWidth, videoHeight } = video;
  const shape = { tall: 3 / 4, wide: 4 / 5, square: 1 }[view.dataset.shape];
  const width = Math.min(videoWidth, Math.round(videoHeight * shape));
  const height = Math.min(videoHeight, Math.round(width / shape));
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const [x, y] = [(videoWidth - width) / 2, (videoHeight - height) / 2];
  canvas.getContext("2d").drawImage(video, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function isBlack() {
  const { data } = draw(16).getContext("2d").getImageData(0, 0, 12, 12);
  return data.every((value, place) => place % 4 === 3 || value < 8);
}

// The bubble goes to the higher side.
function level(degrees) {
  const way = Math.max(-28, Math.min(28, degrees * 1.4)) * (view.classList.contains("mirrored") ? 1 : -1);
  form.querySelector(".handle").setAttribute("cx", 150 + way);
}

async function countDown() {
  const mine = (counted += 1);
  for (const left of [3, 2, 1]) {
    count.textContent = left;
    await pause(1000);
    if (mine !== counted) return;
  }
  take();
}

function cancel() {
  counted += 1;
  count.textContent = "";
}

async function take() {
  if (!stream || !video.videoWidth) return;
  const canvas = draw();
  stop("review"); // at once: nothing is taken twice
  const mine = turn;
  sender();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  if (mine !== turn) return;
  const files = new DataTransfer();
  files.items.add(new File([blob], "camera.jpg", { type: "image/jpeg" }));
  input.files = files.files;
  const shot = part("shot");
  URL.revokeObjectURL(shot.src);
  [shot.width, shot.height] = [canvas.width, canvas.height];
  shot.src = URL.createObjectURL(blob);
  form.querySelector(".push").focus();
}

// Needed only when there is something to send; without it the browser sends the form by itself.
function sender() {
  import(form.dataset.sender).catch(() => {});
}

// 3:4 exists for one model only.
function shapes() {
  const [square, upright] = ratio;
  upright.disabled = model.value !== "emo-detect-v1";
  if (upright.disabled && upright.checked) square.checked = true;
}
