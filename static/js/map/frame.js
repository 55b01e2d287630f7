// What every map has: panes in their order, the buttons of its frame, scale and attribution.
import L from "leaflet";
import { flash } from "../page/flash.js";
import { translate } from "../page/messages.js";

/** Panes from the ground up; Leaflet's own: tiles 200, areas 400, markers 600, popups 700. */
const PANES = { base: 200, boundary: 250, hazard: 300, zones: 320, routes: 350, areas: 400, conflict: 420, drawing: 450, overlap: 460, selected: 650 };

if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
  const { panBy } = L.Map.prototype;
  L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
  L.Map.include({
    panBy(offset, options) {
      return panBy.call(this, offset, { ...options, animate: false });
    },
  });
}

/** @returns {HTMLElement} the frame that holds the canvas and its floating controls */
export const frameOf = (map) => map.getContainer().closest(".map") ?? map.getContainer();

/** Creates a map in a frame of the templates (`.map` with `.map__canvas`). */
export function openMap(frame, base, options = {}) {
  const map = L.map(frame.querySelector(".map__canvas"), {
    center: base.center,
    zoom: base.zoom,
    minZoom: base.minZoom ?? 11,
    maxZoom: base.maxZoom ?? 22,
    zoomControl: false,
    attributionControl: false,
    preferCanvas: false,
    ...options,
  });
  if (base.bounds) map.setMaxBounds(L.latLngBounds(base.bounds).pad(0.3));
  prepare(map);
  return map;
}

/** Adds panes and controls to a map that exists already. */
export function prepare(map) {
  for (const [name, level] of Object.entries(PANES)) {
    if (!map.getPane(name)) map.createPane(name).style.zIndex = String(level);
  }
  wireZoom(map);
  wireScale(map);
  // Leaflet focuses the map at every click; the focus ring is for keyboard users
  const frame = frameOf(map);
  frame.addEventListener("pointerdown", () => frame.classList.add("by-pointer"), { capture: true });
  frame.addEventListener("keydown", () => frame.classList.remove("by-pointer"), { capture: true });
  frame.addEventListener("focusout", () => frame.classList.remove("by-pointer"));
}

function wireZoom(map) {
  const controls = frameOf(map).querySelector("[data-map-zoom]");
  if (!controls) return;
  L.DomEvent.disableClickPropagation(controls);
  controls.addEventListener("click", (event) => {
    const action = event.target.closest("button")?.dataset.zoom;
    if (action === "in") map.zoomIn();
    if (action === "out") map.zoomOut();
    if (action === "locate") map.locate({ setView: true, maxZoom: 18, enableHighAccuracy: true, timeout: 8000 });
  });
  map.on("locationerror", () => flash(translate("locationUnknown")));
  const update = () => {
    controls.querySelector('[data-zoom="in"]').disabled = map.getZoom() >= map.getMaxZoom();
    controls.querySelector('[data-zoom="out"]').disabled = map.getZoom() <= map.getMinZoom();
  };
  map.on("zoomend", update);
  map.whenReady(update);
}

/** The longest round length that fits: 5 m, 100 m, 2 km. */
export function roundLength(metres) {
  const power = 10 ** Math.floor(Math.log10(metres));
  const digit = metres / power;
  return (digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * power;
}

function wireScale(map) {
  const scale = frameOf(map).querySelector("[data-map-scale]");
  if (!scale) return;
  const update = () => {
    const { y } = map.getSize();
    const metres = map.distance(map.containerPointToLatLng([0, y / 2]), map.containerPointToLatLng([120, y / 2]));
    if (!metres) return;
    const length = roundLength(metres);
    const width = Math.round((120 * length) / metres);
    const label = length >= 1000 ? `${length / 1000} km` : `${length} m`;
    scale.innerHTML = `${label}<svg width="${width}" height="6" aria-hidden="true"><path d="M.75 0v5.25h${width - 1.5}V0" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>`;
  };
  map.on("zoomend moveend resize", update);
  map.whenReady(update);
}
