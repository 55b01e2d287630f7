// A file of the case beside the map: its page enlarged, fitted to the width and turned. What was chosen stays while pages of a file are turned.

const STEP = 1.25;
const LARGEST = 6; // times the width of the room

let chosen = { file: null, scale: 1, turns: 0 };

/**
 * The size of a page in a room: its picture and the box around it, which a quarter turn swaps.
 * @param {{width: number, height: number}} picture in its own pixels
 * @param {{scale: number, turns: number}} view `scale`: 1 fills the width of the room
 */
export function sheetSize(picture, room, { scale, turns }) {
  const [wide, high] = turns % 2 ? [picture.height, picture.width] : [picture.width, picture.height];
  const factor = (room * scale) / wide;
  return { width: picture.width * factor, height: picture.height * factor, boxWidth: wide * factor, boxHeight: high * factor };
}

function show(viewer) {
  const picture = viewer.querySelector("[data-view-sheet] img");
  const sheet = viewer.querySelector("[data-view-sheet]");
  const room = viewer.querySelector("[data-view-room]");
  if (!picture?.naturalWidth) return;
  const own = { width: picture.naturalWidth, height: picture.naturalHeight };
  const { width, height, boxWidth, boxHeight } = sheetSize(own, room.clientWidth, chosen);
  Object.assign(picture.style, { width: `${width}px`, height: `${height}px`, rotate: `${chosen.turns * 90}deg` });
  Object.assign(sheet.style, { width: `${boxWidth}px`, height: `${boxHeight}px` });
  // small writing is asked for when it can be seen
  if (width * devicePixelRatio > own.width * 1.2 && picture.dataset.plan) {
    picture.src = picture.dataset.plan;
    delete picture.dataset.plan;
  }
}

const ACTS = {
  in: () => (chosen.scale = Math.min(LARGEST, chosen.scale * STEP)),
  out: () => (chosen.scale = Math.max(1 / STEP ** 4, chosen.scale / STEP)),
  fit: () => (chosen.scale = 1),
  turn: () => (chosen.turns = (chosen.turns + 1) % 4),
};

function open(viewer) {
  if (viewer.dataset.viewer !== chosen.file) chosen = { file: viewer.dataset.viewer, scale: 1, turns: 0 };
  const picture = viewer.querySelector("[data-view-sheet] img");
  if (!picture) return;
  picture.addEventListener("load", () => show(viewer));
  const fail = () => (viewer.querySelector("[data-view-status]").textContent = picture.dataset.notDrawn);
  picture.addEventListener("error", fail);
  if (picture.complete && picture.naturalWidth) show(viewer);
  else if (picture.complete) fail();
  new ResizeObserver(() => show(viewer)).observe(viewer.querySelector("[data-view-room]"));
}

export function watchViewer() {
  const drawer = document.getElementById("drawer");
  if (!drawer) return;
  const openAny = () => {
    const viewer = drawer.querySelector("[data-viewer]");
    if (viewer) open(viewer);
  };
  drawer.addEventListener("htmx:afterSwap", openAny);
  drawer.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-view-act]");
    if (!button) return;
    ACTS[button.dataset.viewAct]();
    show(button.closest("[data-viewer]"));
  });
  openAny();
}
