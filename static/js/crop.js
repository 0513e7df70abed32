// The crop page: the frame follows pointer, keys and fields; preview and words follow the frame.
const form = document.getElementById("crop");
const svg = document.getElementById("frame");
const preview = document.getElementById("preview");
const words = document.getElementById("words");
const fields = ["left", "top", "width"].map((name) => form.elements[name]);
const { width: WIDTH, height: HEIGHT } = svg.viewBox.baseVal;
const [ACROSS, DOWN] = form.dataset.ratio.split(":");
const [LEAST, MOST] = [+fields[2].min, +fields[2].max];
const FACE = form.dataset.face?.split(" ").map(Number);
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIZES = { "+": 10, "=": 10, "-": -10, _: -10 };

const tall = (wide) => Math.round((wide * DOWN) / ACROSS);
const between = (value, low, high) => Math.max(low, Math.min(Math.round(value), high));
const set = (element, attributes) => Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));

// To take hold of: the inside, then the corners (0 or 1 across, 0 or 1 down) with what shows them.
const inside = add("rect", "hold");
const corners = [[0, 0], [1, 0], [0, 1], [1, 1]].map(([x, y]) => ({ x, y, shown: add("circle", "handle"), hold: add("circle", x === y ? "corner" : "corner other") }));
const start = preview.viewBox.baseVal;
let frame, timer;
draw(start.x, start.y, start.width);

set(svg, { tabindex: 0, role: "application", "aria-label": svg.dataset.name });
form.elements.show.hidden = true; // it shows at once
form.elements.suggest.onclick = (event) => {
  event.preventDefault();
  put(...event.currentTarget.value.split(" ").map(Number));
};
addEventListener("resize", () => draw(...frame));
for (const field of fields) field.oninput = typed;
typed(); // before this ran
addEventListener("pageshow", typed); // before somebody left and came back

svg.onkeydown = (event) => {
  const [x, y, wide] = frame;
  const step = STEPS[event.key]?.map((one) => one * (event.shiftKey ? 10 : 1));
  const more = SIZES[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || !(step || more)) return;
  event.preventDefault();
  if (step) put(x + step[0], y + step[1], wide);
  else put(x - more / 2, y - (tall(wide + more) - tall(wide)) / 2, wide + more);
};

svg.onpointerdown = (event) => {
  const corner = corners.find(({ hold }) => hold === event.target);
  if (event.button || !(corner || event.target === inside)) return;
  event.preventDefault();
  svg.focus({ preventScroll: true });
  svg.setPointerCapture(event.pointerId);
  const [x, y, wide] = frame;
  const [fromX, fromY] = place(event);
  svg.onpointermove = (now) => {
    const [toX, toY] = place(now);
    if (!corner) return put(x + toX - fromX, y + toY - fromY, wide);
    // The corner across stays where it is.
    const across = (corner.x ? 1 : -1) * (toX - fromX);
    const down = (corner.y ? 1 : -1) * (toY - fromY);
    const [fixedX, fixedY] = [corner.x ? x : x + wide, corner.y ? y : y + tall(wide)];
    const room = Math.min(corner.x ? WIDTH - fixedX : fixedX, Math.floor(((corner.y ? HEIGHT - fixedY : fixedY) * ACROSS) / DOWN));
    const size = between(wide + (across + (down * ACROSS) / DOWN) / 2, LEAST, room);
    put(corner.x ? fixedX : fixedX - size, corner.y ? fixedY : fixedY - tall(size), size);
  };
};
// Else the page would scroll under the finger: browsers do not mind touch-action inside a drawing.
svg.addEventListener("touchstart", (event) => { if (event.target.matches(".hold, .corner")) event.preventDefault(); }, { passive: false });
svg.onpointerup = svg.onpointercancel = () => { svg.onpointermove = null; };

function add(name, kind) {
  const element = svg.appendChild(document.createElementNS(svg.namespaceURI, name));
  set(element, { class: kind });
  return element;
}

function place({ clientX, clientY }) {
  const { left, top, width, height } = svg.getBoundingClientRect();
  return [((clientX - left) * WIDTH) / width, ((clientY - top) * HEIGHT) / height];
}

function typed() {
  const [left, top, wide] = fields.map((field) => field.valueAsNumber);
  // What is half typed may be no frame yet: the server says what is wrong with one that stays so.
  if (wide >= LEAST && wide <= MOST && left >= 0 && left <= WIDTH - wide && top >= 0 && top <= HEIGHT - tall(wide)) draw(left, top, wide);
}

// The frame nearest to this one, also into the fields.
function put(x, y, wide) {
  wide = between(wide, LEAST, MOST);
  draw(between(x, 0, WIDTH - wide), between(y, 0, HEIGHT - tall(wide)), wide);
  fields.forEach((field, index) => { field.value = frame[index]; });
}

function draw(x, y, wide) {
  frame = [x, y, wide];
  const high = tall(wide);
  const [right, bottom, third, down] = [x + wide, y + high, wide / 3, high / 3];
  const pixel = WIDTH / (svg.getBoundingClientRect().width || WIDTH);
  set(svg.querySelector(".shade"), { d: `M0 0H${WIDTH}V${HEIGHT}H0ZM${x} ${y}V${bottom}H${right}V${y}Z` });
  set(svg.querySelector(".thirds-line"), { d: [1, 2].map((n) => `M${x + n * third} ${y}V${bottom}M${x} ${y + n * down}H${right}`).join("") });
  for (const box of svg.querySelectorAll("rect")) set(box, { x, y, width: wide, height: high });
  for (const { x: far, y: low, shown, hold } of corners) {
    set(shown, { cx: x + far * wide, cy: y + low * high, r: 8 * pixel });
    set(hold, { cx: x + far * wide, cy: y + low * high, r: 22 * pixel });
  }
  set(preview, { viewBox: `${x} ${y} ${wide} ${high}`, width: wide, height: high });
  for (const size of document.querySelectorAll("[data-size]")) size.textContent = `${wide} × ${high}`;
  Object.assign(fields[0], { max: WIDTH - wide });
  Object.assign(fields[1], { max: HEIGHT - high });
  if (FACE) words.textContent = said(x, y, right, bottom);
  clearTimeout(timer); // spoken once the frame rests
  timer = setTimeout(() => { document.getElementById("spoken").textContent = document.activeElement === svg ? `${x}, ${y}, ${wide} × ${high}. ${words.textContent}` : ""; }, 700);
}

function said(x, y, right, bottom) {
  const share = Math.round((100 * (FACE[2] - FACE[0])) / (right - x));
  const isCut = FACE[0] < x || FACE[1] < y || FACE[2] > right || FACE[3] > bottom;
  const sentence = isCut ? words.dataset.cut : share < 20 ? words.dataset.small : share > 65 ? words.dataset.large : words.dataset.fine;
  return sentence.replace("{n}", share);
}
