// Drawing a point, a line or an area, with finger, mouse or keys. The geometry goes into a hidden input, whose change the page then
// evaluates and saves like any other answer.
import L from "leaflet";
import { translate } from "../page/messages.js";
import { addBase } from "./base.js";
import { handleKeys } from "./draw-keys.js";
import { wireSearch } from "./find.js";
import { frameOf, openMap } from "./frame.js";
import { wireMoved } from "./moved.js";
import { distance, fromGeometry, middle, offset, orientation, sides, toGeometry } from "./measure.js";
import { showConflicts } from "./shapes.js";

const TOUCH_SIZE = [44, 44];
const HINTS = { polygon: "hintDrawArea", line: "hintDrawLine", point: "hintDrawPoint" };
const latlng = ([lon, lat]) => L.latLng(lat, lon);
const lonlat = ({ lng, lat }) => [lng, lat];

export class Drawing {
  /** @param {{kind: "point"|"line"|"polygon", input: HTMLInputElement, meridian?: number}} options */
  constructor(map, { kind, input, meridian }) {
    Object.assign(this, { map, kind, input, meridian, tool: "draw", selected: null, history: [] });
    this.frame = frameOf(map);
    this.source = document.getElementById(input.id.replace(/geometry$/, "source"));
    this.points = fromGeometry(input.value ? JSON.parse(input.value) : null);
    this.shape = L.layerGroup().addTo(map);
    this.markers = L.layerGroup().addTo(map);
    map.on("click", (event) => this.#onClick(event));
    map.on("zoomend", () => this.#render());
    this.#wireTools();
    handleKeys(this);
    wireMoved(this);
    this.#listen();
    this.#render();
    if (this.points.length) this.fit();
  }

  get closed() {
    return this.kind === "polygon";
  }

  fit() {
    const bounds = L.latLngBounds(this.points.map(latlng));
    this.map.fitBounds(bounds, { padding: [60, 60], maxZoom: Number(this.frame.dataset.closest ?? 21), animate: false });
  }

  /** Changes the points and keeps the previous ones for undo; points change in no other way. */
  change(points, selected = this.selected) {
    this.history.push(this.points);
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
    this.move(index, offset(this.points[index], east, north));
  }

  remove(index) {
    const points = this.points.toSpliced(index, 1);
    this.change(points, points.length ? Math.min(index, points.length - 1) : null);
  }

  undo() {
    if (this.history.length) this.#set(this.history.pop(), null);
  }

  clear() {
    if (this.points.length) this.change([], null);
  }

  select(index) {
    this.selected = index;
    this.#render();
  }

  #set(points, selected) {
    this.points = points;
    this.selected = selected;
    this.#render();
    const geometry = toGeometry(this.kind, points);
    this.input.value = geometry ? JSON.stringify(geometry) : "";
    if (this.source && this.source !== this.input) this.source.value = geometry ? "drawn" : "";
    // typed input takes precedence over the drawing, so that of an earlier place must go
    for (const input of this.typed?.querySelectorAll("input, textarea") ?? []) input.value = "";
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #onClick(event) {
    if (this.tool === "draw") this.add(lonlat(event.latlng));
    else if (this.selected !== null) this.select(null);
  }

  #wireTools() {
    const bar = this.frame.querySelector("[data-map-tools]");
    if (!bar) return;
    L.DomEvent.disableClickPropagation(bar);
    // a place that is already drawn is more often moved than drawn again
    if (this.points.length > (this.kind === "point" ? 0 : 2)) this.#useTool("move");
    bar.addEventListener("click", (event) => {
      const tool = event.target.closest("button")?.dataset.tool;
      if (tool === "undo") this.undo();
      else if (tool === "clear") this.clear();
      else if (tool) this.#useTool(tool);
    });
  }

  #useTool(tool) {
    this.tool = tool;
    for (const button of this.frame.querySelectorAll("[data-map-tools] [aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    }
    this.#showHint();
  }

  #showHint() {
    this.frame.classList.toggle("is-drawing", this.tool === "draw");
    const hint = this.frame.querySelector("[data-map-hint]");
    if (!hint) return;
    const text = this.selected !== null ? translate("vertexSelected", { n: this.selected + 1 }) : translate(this.tool === "draw" ? HINTS[this.kind] : "hintMove");
    const keys = document.createElement("span");
    keys.className = "keys muted";
    keys.textContent = ` ${translate(this.selected !== null ? "keysVertex" : "keysDraw")}`;
    hint.replaceChildren(text, keys);
  }

  #render() {
    this.shape.clearLayers();
    this.markers.clearLayers();
    this.#renderShape(this.points);
    this.points.forEach((point, index) => this.markers.addLayer(this.#vertex(point, index)));
    if (this.kind !== "point") this.#renderSides();
    this.#showHint();
  }

  #renderShape(points) {
    this.outline = null;
    if (this.kind === "point" || points.length < 2) return;
    const area = this.closed && points.length > 2;
    const options = { className: "drawn-shape", pane: "drawing", interactive: false, fill: area };
    this.outline = (area ? L.polygon : L.polyline)(points.map(latlng), options);
    this.shape.addLayer(this.outline);
  }

  #vertex(point, index) {
    const css = `vertex${this.kind === "point" ? " vertex--point" : ""}${index === this.selected ? " is-selected" : ""}`;
    const marker = L.marker(latlng(point), { icon: L.divIcon({ className: css, iconSize: TOUCH_SIZE }), draggable: true, keyboard: false, zIndexOffset: 1000 });
    marker.on("click", () => this.select(index));
    marker.on("drag", () => this.outline?.setLatLngs(this.points.with(index, lonlat(marker.getLatLng())).map(latlng)));
    marker.on("dragend", () => this.move(index, lonlat(marker.getLatLng())));
    return marker;
  }

  #renderSides() {
    const pixel = (point) => this.map.latLngToLayerPoint(latlng(point));
    const outward = orientation(this.points.map(pixel)) < 0 ? -1 : 1;
    for (const [index, [from, to]] of sides(this.points, this.closed).entries()) {
      const [a, b] = [pixel(from), pixel(to)];
      const pixels = a.distanceTo(b);
      if (pixels > 56) this.markers.addLayer(this.#midpoint(index, from, to));
      if (pixels > 36) this.markers.addLayer(this.#sideLength(distance(from, to, this.meridian), a, b, outward));
    }
  }

  /** The small dot in the middle of a side, which becomes a corner when clicked or dragged. */
  #midpoint(index, from, to) {
    const marker = L.marker(latlng(middle(from, to)), { icon: L.divIcon({ className: "vertex vertex--mid", iconSize: [32, 32] }), draggable: true, keyboard: false });
    marker.on("click", () => this.insert(index + 1, middle(from, to)));
    marker.on("dragend", () => this.insert(index + 1, lonlat(marker.getLatLng())));
    return marker;
  }

  /** The length of a side in a label beside it, on the outside. */
  #sideLength(metres, a, b, outward) {
    const along = b.subtract(a).divideBy(a.distanceTo(b));
    const shift = L.point(along.y * 34 * outward, -along.x * 20 * outward);
    const at = this.map.layerPointToLatLng(a.add(b).divideBy(2).add(shift));
    const icon = L.divIcon({ className: "side-length", html: `<span>${metres.toFixed(1)} m</span>`, iconSize: [0, 0] });
    return L.marker(at, { icon, interactive: false, keyboard: false, pane: "drawing" });
  }

  /** Follows the live responses: conflicting shapes, and the shape of a place that was typed. */
  #listen() {
    this.#applyResponse(document);
    document.addEventListener("htmx:afterSwap", ({ detail }) => {
      if (detail.target.matches(this.frame.dataset.liveTarget ?? "#live-panel")) this.#applyResponse(detail.target);
    });
    this.typed = document.querySelector(`[data-place-typed="${CSS.escape(this.input.id.replace(/\.geometry$/, ""))}"]`);
    this.typed?.addEventListener("input", () => {
      if (this.source) this.source.value = "text";
    });
  }

  #applyResponse(root) {
    const conflicts = root.querySelector("[data-conflicts]")?.dataset.conflicts;
    this.conflicts?.remove();
    this.conflicts = conflicts ? showConflicts(this.map, JSON.parse(conflicts)) : null;
    const placed = JSON.parse(root.querySelector("[data-placed]")?.dataset.placed ?? "{}")[this.frame.dataset.mapField];
    if (!placed || this.source?.value !== "text") return;
    this.points = fromGeometry(placed);
    this.selected = null;
    this.#render();
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
  wireSearch(map);
  // keys move corners here; a screen reader has to let them through
  const canvas = map.getContainer();
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", frame.getAttribute("aria-label"));
  addBase(map, base);
  frame.drawing = new Drawing(map, { kind: frame.dataset.kind, input, meridian: base.meridian });
}
