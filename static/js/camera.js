// The camera page: shows the camera, takes one picture and gives it to the form as if it had been
// chosen. Without script, or without a camera, there is the file chooser.

const form = document.querySelector("[data-upload]");
const part = (name) => form.querySelector(`[data-${name}]`);
const video = form.querySelector("video");
const view = part("window");
const says = part("says");
const count = part("count");
const input = form.elements.photo;
const source = form.elements.source;

const TROUBLES = {
  NotAllowedError: "refused", SecurityError: "refused",
  NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
};
const LEAST = 400; // pixels a side; a narrower picture would be refused
const BLACK_MS = 3000;

let stream = null;
let turn = 0; // tells what was begun before from what is wanted now
let choice = { facingMode: "user" };
let blackSince = 0;

part("start").hidden = false;
part("start").onclick = start;
part("choose").onclick = () => {
  stop("file");
  input.focus();
};
part("again").onclick = async () => {
  await start();
  part("shutter").focus();
};
part("switch").onclick = other;
part("shutter").onclick = () => {
  if (count.textContent) cancel();
  else if (part("timer").checked) countDown(take);
  else take();
};
form.addEventListener("change", shapes);
video.addEventListener("resize", frame); // a phone was turned
addEventListener("pagehide", () => stop());
document.addEventListener("visibilitychange", () => {
  if (form.dataset.mode !== "camera") return;
  if (document.hidden) stop();
  else start();
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
  part("shutter").disabled = false;
  frame();
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
  part("switch").classList.toggle("alone", cameras.length < 2);
  blackSince = 0;
  while (mine === turn) {
    if (isBlack()) return trouble("black");
    await new Promise((later) => setTimeout(later, 500));
  }
}

// Ends the stream: the light beside the lens goes out.
function stop(mode) {
  turn += 1;
  cancel();
  if (stream) end(stream);
  stream = video.srcObject = null;
  part("shutter").disabled = true;
  if (!mode) return;
  form.dataset.mode = mode;
  if (mode === "review") return;
  source.disabled = true;
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
  const [track] = stream?.getVideoTracks() ?? [];
  const { facingMode, deviceId } = track?.getSettings() ?? {};
  const ids = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput").map((device) => device.deviceId);
  // A phone has several lenses at its back: front and back are what people mean.
  if (facingMode) choice = { facingMode: facingMode === "user" ? "environment" : "user" };
  else choice = { deviceId: { exact: ids[(ids.indexOf(deviceId) + 1) % ids.length] } };
  start();
}

// What is seen is what is taken: an upright part of the picture, as much of it as there is.
function frame() {
  const { videoWidth: width, videoHeight: height } = video;
  if (!width) return;
  view.dataset.shape = width < height ? "tall" : height * 0.8 < LEAST ? "square" : "wide";
}

function draw(longest = Infinity) {
  const { videoWidth, videoHeight } = video;
  const ratio = { tall: 3 / 4, wide: 4 / 5, square: 1 }[view.dataset.shape];
  const width = Math.min(videoWidth, Math.round(videoHeight * ratio));
  const height = Math.min(videoHeight, Math.round(width / ratio));
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const [x, y] = [(videoWidth - width) / 2, (videoHeight - height) / 2];
  canvas.getContext("2d").drawImage(video, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function isBlack() {
  const small = draw(16);
  const pixels = small.getContext("2d").getImageData(0, 0, small.width, small.height).data;
  const light = pixels.reduce((sum, value, place) => sum + (place % 4 < 3 ? value : 0), 0);
  if (light > small.width * small.height * 9) blackSince = 0; // 3 of 255 in each colour
  else blackSince ||= performance.now();
  return blackSince && performance.now() - blackSince > BLACK_MS;
}

async function countDown(then) {
  const mine = turn;
  for (const left of [3, 2, 1]) {
    count.textContent = left;
    await new Promise((later) => setTimeout(later, 1000));
    if (mine !== turn || count.textContent !== `${left}`) return;
  }
  cancel();
  then();
}

function cancel() {
  count.textContent = "";
}

async function take() {
  if (!stream || !video.videoWidth) return;
  const canvas = draw();
  stop("review"); // at once: nothing is taken twice
  const mine = turn;
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  if (mine !== turn) return;
  const files = new DataTransfer();
  files.items.add(new File([blob], "camera.jpg", { type: "image/jpeg" }));
  input.files = files.files;
  source.disabled = false;
  const shot = part("shot");
  URL.revokeObjectURL(shot.src);
  [shot.width, shot.height] = [canvas.width, canvas.height];
  shot.src = URL.createObjectURL(blob);
  form.querySelector(".push").focus();
}

// 3:4 exists for one model only.
function shapes() {
  const [square, upright] = form.elements.ratio;
  upright.disabled = form.elements.model.value !== "emo-detect-v1";
  if (upright.disabled && upright.checked) square.checked = true;
}
