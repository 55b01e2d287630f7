// Drawing a signature: strokes of a finger, a pen or the mouse, taken down in the unseen input beside the pad, in a box of 1000 by 400.
const WIDTH = 1000, HEIGHT = 400, MOST_POINTS = 5000;
const SVG = "http://www.w3.org/2000/svg";

const frameOf = (element) => element.closest("[data-signature]");
const inputOf = (element) => frameOf(element).querySelector("[data-signature-strokes]");
const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));

/** Where the pointer is, in the units of the box. */
function pointOf(event, pad) {
  const { left, top, width, height } = pad.getBoundingClientRect();
  return [within(((event.clientX - left) / width) * WIDTH, WIDTH), within(((event.clientY - top) / height) * HEIGHT, HEIGHT)];
}

const strokesOf = (input) => (input.value ? JSON.parse(input.value) : []);

function keep(input, strokes) {
  input.value = strokes.length ? JSON.stringify(strokes) : "";
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Follows one stroke from where it begins until the pointer is lifted. */
function draw(event, pad) {
  const input = inputOf(pad), strokes = strokesOf(input);
  const left = MOST_POINTS - strokes.flat().length;
  const points = [pointOf(event, pad)];
  const line = pad.appendChild(document.createElementNS(SVG, "polyline"));
  const show = () => line.setAttribute("points", points.map((point) => point.join(",")).join(" "));
  const move = (moved) => {
    if (moved.pointerId !== event.pointerId || points.length >= left) return;
    points.push(pointOf(moved, pad));
    show();
  };
  const end = (ended) => {
    if (ended.pointerId !== event.pointerId) return;
    pad.removeEventListener("pointermove", move);
    pad.removeEventListener("pointerup", end);
    pad.removeEventListener("pointercancel", end);
    if (points.length > 1 && points.length <= left) keep(input, [...strokes, points]);
    else line.remove();
  };
  pad.setPointerCapture(event.pointerId);
  pad.addEventListener("pointermove", move);
  pad.addEventListener("pointerup", end);
  pad.addEventListener("pointercancel", end);
}

export function watchSignatures() {
  document.addEventListener("pointerdown", (event) => {
    const pad = event.target.closest?.("[data-signature-pad]");
    if (!pad || event.button) return;
    event.preventDefault();
    draw(event, pad);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-signature-clear]");
    if (!button) return;
    frameOf(button).querySelector("[data-signature-pad]").replaceChildren();
    keep(inputOf(button), []);
  });
}
