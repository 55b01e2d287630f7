// The drawing step: a point, a line or an area, with finger, mouse or keys. The geometry goes into a hidden input,
// whose change the page then evaluates and saves like any other answer.
import L from "leaflet";
import { say } from "../page/words.js";
import { addBase } from "./base.js";
import { handleKeys } from "./draw-keys.js";
import { wireFind } from "./find.js";
import { frameOf, openMap } from "./frame.js";
import { wireMoved } from "./moved.js";
import { distance, fromGeometry, middle, moved, sides, toGeometry, turning } from "./measure.js";
import { showConflicts } from "./shapes.js";

const TOUCH = [44, 44];
const HINTS = { polygon: "hintDrawArea", line: "hintDrawLine", point: "hintDrawPoint" };
const latlng = ([lon, lat]) => L.latLng(lat, lon);
const lonlat = ({ lng, lat }) => [lng, lat];

export class Drawing {
  /** @param {{kind: "point"|"line"|"polygon", input: HTMLInputElement, meridian?: number}} options */
  constructor(map, { kind, input, meridian }) {
    Object.assign(this, { map, kind, input, meridian, tool: "draw", selected: null, past: [] });
    this.frame = frameOf(map);
    this.source = document.getElementById(input.id.replace(/geometry$/, "source"));
    this.points = fromGeometry(input.value ? JSON.parse(input.value) : null);
    this.shape = L.layerGroup().addTo(map);
    this.marks = L.layerGroup().addTo(map);
    map.on("click", (event) => this.#pressed(event));
    map.on("zoomend", () => this.#paint());
    this.#wireTools();
    handleKeys(this);
    wireMoved(this);
    this.#listen();
    this.#paint();
    if (this.points.length) this.fit();
  }

  get closed() {
    return this.kind === "polygon";
  }

  fit() {
    const bounds = L.latLngBounds(this.points.map(latlng));
    this.map.fitBounds(bounds, { padding: [60, 60], maxZoom: 21, animate: false });
  }

  /** Changes the points, remembering what was; the only way in which they change. */
  change(points, selected = this.selected) {
    this.past.push(this.points);
    this.#set(points, selected);
  }

  add(point) {
    if (this.kind === "point") this.change([point], null);
    else this.change([...this.points, point], null);
  }

  insert(index, point) {
    this.change(this.points.toSpliced(index, 0, point), index);
  }

  move(index, point) {
    this.change(this.points.with(index, point), index);
  }

  /** Moves a point by metres on the ground. */
  nudge(index, east, north) {
    this.move(index, moved(this.points[index], east, north));
  }

  remove(index) {
    const points = this.points.toSpliced(index, 1);
    this.change(points, points.length ? Math.min(index, points.length - 1) : null);
  }

  undo() {
    if (this.past.length) this.#set(this.past.pop(), null);
  }

  clear() {
    if (this.points.length) this.change([], null);
  }

  select(index) {
    this.selected = index;
    this.#paint();
  }

  #set(points, selected) {
    this.points = points;
    this.selected = selected;
    this.#paint();
    const geometry = toGeometry(this.kind, points);
    this.input.value = geometry ? JSON.stringify(geometry) : "";
    if (this.source && this.source !== this.input) this.source.value = geometry ? "drawn" : "";
    // what is typed goes before what is drawn, so words of an earlier place must not stay
    for (const box of this.typed?.querySelectorAll("input, textarea") ?? []) box.value = "";
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #pressed(event) {
    if (this.tool === "draw") this.add(lonlat(event.latlng));
    else if (this.selected !== null) this.select(null);
  }

  #wireTools() {
    const bar = this.frame.querySelector("[data-map-tools]");
    if (!bar) return;
    L.DomEvent.disableClickPropagation(bar);
    // an answer that is already drawn is more often moved than begun again
    if (this.points.length > (this.kind === "point" ? 0 : 2)) this.#choose("move");
    bar.addEventListener("click", (event) => {
      const tool = event.target.closest("button")?.dataset.tool;
      if (tool === "undo") this.undo();
      else if (tool === "clear") this.clear();
      else if (tool) this.#choose(tool);
    });
  }

  #choose(tool) {
    this.tool = tool;
    for (const button of this.frame.querySelectorAll("[data-map-tools] [aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    }
    this.#hint();
  }

  #hint() {
    this.frame.classList.toggle("is-drawing", this.tool === "draw");
    const place = this.frame.querySelector("[data-map-hint]");
    if (!place) return;
    const words = this.selected !== null ? say("vertexHint", { n: this.selected + 1 }) : say(this.tool === "draw" ? HINTS[this.kind] : "hintMove");
    const keys = document.createElement("span");
    keys.className = "keys muted";
    keys.textContent = ` ${say(this.selected !== null ? "keysVertex" : "keysDraw")}`;
    place.replaceChildren(words, keys);
  }

  #paint() {
    this.shape.clearLayers();
    this.marks.clearLayers();
    this.#paintShape(this.points);
    this.points.forEach((point, index) => this.marks.addLayer(this.#vertex(point, index)));
    if (this.kind !== "point") this.#paintSides();
    this.#hint();
  }

  #paintShape(points) {
    this.outline = null;
    if (this.kind === "point" || points.length < 2) return;
    const area = this.closed && points.length > 2;
    const options = { className: "drawn-shape", pane: "drawing", interactive: false, fill: area };
    this.outline = (area ? L.polygon : L.polyline)(points.map(latlng), options);
    this.shape.addLayer(this.outline);
  }

  #vertex(point, index) {
    const css = `vertex${this.kind === "point" ? " vertex--point" : ""}${index === this.selected ? " is-selected" : ""}`;
    const marker = L.marker(latlng(point), { icon: L.divIcon({ className: css, iconSize: TOUCH }), draggable: true, keyboard: false, zIndexOffset: 1000 });
    marker.on("click", () => this.select(index));
    marker.on("drag", () => this.outline?.setLatLngs(this.points.with(index, lonlat(marker.getLatLng())).map(latlng)));
    marker.on("dragend", () => this.move(index, lonlat(marker.getLatLng())));
    return marker;
  }

  #paintSides() {
    const pixel = (point) => this.map.latLngToLayerPoint(latlng(point));
    const outward = turning(this.points.map(pixel)) < 0 ? -1 : 1;
    for (const [index, [from, to]] of sides(this.points, this.closed).entries()) {
      const [a, b] = [pixel(from), pixel(to)];
      const long = a.distanceTo(b);
      if (long > 56) this.marks.addLayer(this.#between(index, from, to));
      if (long > 36) this.marks.addLayer(this.#length(distance(from, to, this.meridian), a, b, outward));
    }
  }

  /** The small dot in the middle of a side, which becomes a corner when pressed or dragged. */
  #between(index, from, to) {
    const marker = L.marker(latlng(middle(from, to)), { icon: L.divIcon({ className: "vertex vertex--mid", iconSize: [32, 32] }), draggable: true, keyboard: false });
    marker.on("click", () => this.insert(index + 1, middle(from, to)));
    marker.on("dragend", () => this.insert(index + 1, lonlat(marker.getLatLng())));
    return marker;
  }

  /** The length of a side in a capsule beside it, on the outside and level. */
  #length(metres, a, b, outward) {
    const along = b.subtract(a).divideBy(a.distanceTo(b));
    const away = L.point(along.y * 34 * outward, -along.x * 20 * outward);
    const at = this.map.layerPointToLatLng(a.add(b).divideBy(2).add(away));
    const icon = L.divIcon({ className: "side-length", html: `<span>${metres.toFixed(1)} m</span>`, iconSize: [0, 0] });
    return L.marker(at, { icon, interactive: false, keyboard: false, pane: "drawing" });
  }

  /** What the page answers: shapes in the way, and the shape of a place that was typed. */
  #listen() {
    this.#showAnswer(document);
    document.addEventListener("htmx:afterSwap", ({ detail }) => {
      if (detail.target.matches(this.frame.dataset.liveTarget ?? "#live")) this.#showAnswer(detail.target);
    });
    this.typed = document.querySelector(`[data-place-typed="${CSS.escape(this.input.id.replace(/\.geometry$/, ""))}"]`);
    this.typed?.addEventListener("input", () => {
      if (this.source) this.source.value = "text";
    });
  }

  #showAnswer(root) {
    const conflicts = root.querySelector("[data-conflicts]")?.dataset.conflicts;
    this.conflicts?.remove();
    this.conflicts = conflicts ? showConflicts(this.map, JSON.parse(conflicts)) : null;
    const placed = root.querySelector("[data-placed]")?.dataset.placed;
    if (!placed || this.source?.value !== "text") return;
    this.points = fromGeometry(JSON.parse(placed));
    this.selected = null;
    this.#paint();
    this.fit();
  }
}

/** Turns a frame of the templates into a map to draw on. */
export function enhanceField(frame) {
  const input = document.getElementById(frame.dataset.geometryInput);
  if (!input || frame.dataset.ready) return;
  frame.dataset.ready = "true";
  const base = JSON.parse(frame.dataset.base);
  const map = openMap(frame, base);
  wireFind(map);
  // keys move corners here; a screen reader has to let them through
  const canvas = map.getContainer();
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", frame.getAttribute("aria-label"));
  addBase(map, base);
  frame.drawing = new Drawing(map, { kind: frame.dataset.kind, input, meridian: base.meridian });
}
