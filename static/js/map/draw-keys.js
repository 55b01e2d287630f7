// Keys of the drawing step. With nothing chosen the arrows move the map, as everywhere; with a corner chosen they move it.

const STEPS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const FINE = 0.1; // metres
const COARSE = 1;

/** @returns {boolean} whether the key was handled */
function handleKey(drawing, event) {
  const { selected, points } = drawing;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() !== "z") return false;
    drawing.undo();
    return true;
  }
  if (event.key === " ") {
    drawing.addInTheMiddle();
    return true;
  }
  if (event.key === "Enter" && points.length) {
    drawing.select(selected === null ? 0 : (selected + 1) % points.length);
    return true;
  }
  if (selected === null) return false;
  if (event.key in STEPS) {
    const [east, north] = STEPS[event.key];
    const step = event.shiftKey ? COARSE : FINE;
    drawing.nudge(selected, east * step, north * step);
    return true;
  }
  if (event.key === "Delete" || event.key === "Backspace") {
    drawing.remove(selected);
    return true;
  }
  if (event.key !== "Escape") return false;
  drawing.select(null);
  return true;
}

export function handleKeys(drawing) {
  // before Leaflet, which would pan
  drawing.map.getContainer().addEventListener(
    "keydown",
    (event) => {
      if (event.target !== drawing.map.getContainer() || !handleKey(drawing, event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
