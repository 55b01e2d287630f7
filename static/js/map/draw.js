// Drawing a point, a line or an area, with finger, mouse or keys. The geometry goes into a hidden input, whose change the page then
// evaluates and saves like any other answer.
import { addBase } from "./base.js";
import { unchoose, wireChosenPlace } from "./chosen-place.js";
import { handleKeys } from "./draw-keys.js";
import { DrawnShape, latlng, lonlat } from "./draw-shape.js";
import { DrawingTools } from "./draw-tools.js";
import { DrawingWords } from "./draw-words.js";
import { frameOf, openMap } from "./frame.js";
import { wireMoved } from "./moved.js";
import { distance, fromGeometry, offset, toGeometry } from "./measure.js";
import { showConflicts } from "./shapes.js";
import { stripCorners } from "./strip.js";
import L from "leaflet";

const DRAWN = { source: "drawn", label: "" };
const FINISHED = { line: "finishedLine", polygon: "finishedArea" };

export class Drawing {
  /** @param {{kind: "point"|"line"|"polygon", input: HTMLInputElement, meridian?: number}} options */
  constructor(map, { kind, input, meridian }) {
    Object.assign(this, { map, kind, input, meridian, tool: "draw", selected: null, strip: null, history: [] });
    this.frame = frameOf(map);
    this.source = document.getElementById(input.id.replace(/geometry$/, "source"));
    this.label = document.getElementById(input.id.replace(/geometry$/, "label"));
    this.points = fromGeometry(input.value ? JSON.parse(input.value) : null);
    this.shape = new DrawnShape(this);
    this.words = new DrawingWords(this.frame);
    this.tools = new DrawingTools(this);
    map.on("click", (event) => this.#onClick(event));
    handleKeys(this);
    wireMoved(this);
    wireChosenPlace(this);
    this.#listen();
    // a place that is already drawn is more often moved than drawn again
    this.use(this.tools.bar && this.points.length > (kind === "point" ? 0 : 2) ? "move" : "draw");
    if (this.points.length) this.fit();
  }

  get closed() {
    return this.kind === "polygon";
  }

  /** Whether a press sets a point. */
  get isDrawing() {
    return this.tool !== "move";
  }

  /** Whether it is a point that stands somewhere: the next press puts it elsewhere. */
  get isSet() {
    return this.kind === "point" && this.points.length > 0;
  }

  /** Shows the whole place, clear of what lies on the map. */
  fit() {
    const bounds = L.latLngBounds(this.points.map(latlng));
    const face = this.map.getContainer().getBoundingClientRect();
    const foot = this.frame.querySelector(".map-foot")?.getBoundingClientRect().top ?? face.bottom;
    const below = Math.min(Math.max(face.bottom - foot, 0) + 14, this.map.getSize().y / 2);
    const options = { paddingTopLeft: [60, 70], paddingBottomRight: [60, Math.max(below, 60)] };
    this.map.fitBounds(bounds, { ...options, maxZoom: Number(this.frame.dataset.closest ?? 21), animate: false });
  }

  /** Takes a tool: draw, strip or move. */
  use(tool) {
    this.tool = tool;
    this.selected = null;
    this.#render();
  }

  /** Changes the points and keeps the previous ones for undo; points change in no other way. */
  change(points, selected = this.selected, strip = null, origin = DRAWN) {
    this.history.push({ points: this.points, strip: this.strip });
    this.#set(points, selected, strip, origin);
  }

  /** Sets the point to a place that was found, with how it was found and what it is called. */
  place(point, origin) {
    this.change([point], null, null, origin);
    this.words.say("pointSet");
  }

  add(point) {
    if (this.kind === "point") {
      this.change([point], null);
      return this.words.say("pointSet");
    }
    if (this.tool === "strip") return this.#addToStrip(point);
    const before = this.points.at(-1);
    this.change([...this.points, point], null);
    const values = { n: this.points.length, length: before && distance(before, point, this.meridian).toFixed(1) };
    this.words.say(before ? "setNext" : "set", values);
  }

  /** Sets a point where the cross stands: whatever lies under a finger, this is exact. */
  addInTheMiddle() {
    this.add(lonlat(this.map.getCenter()));
  }

  #addToStrip(point) {
    const [from] = this.points;
    if (this.points.length !== 1 || distance(from, point, this.meridian) < 0.01) {
      this.change([point], null);
      return this.words.say("set", { n: 1 });
    }
    this.setStrip({ from, to: point, width: this.tools.width, side: 1 });
    this.use("move");
    this.fit();
  }

  /** Draws the strip along a line. */
  setStrip(strip) {
    this.change(stripCorners(strip, this.meridian), null, strip);
    this.words.say("finishedStrip", { length: distance(strip.from, strip.to, this.meridian).toFixed(1), width: strip.width });
  }

  insert(index, point) {
    this.change(this.points.toSpliced(index, 0, point), index);
  }

  move(index, point) {
    this.change(this.points.with(index, point), this.isDrawing ? null : index);
    this.words.say("moved", { n: index + 1 });
  }

  /** Moves a point by metres on the ground. */
  nudge(index, east, north) {
    this.change(this.points.with(index, offset(this.points[index], east, north)), index);
    this.words.say("moved", { n: index + 1 });
  }

  remove(index) {
    const points = this.points.toSpliced(index, 1);
    this.change(points, points.length ? Math.min(index, points.length - 1) : null);
    this.words.say("removed", { n: points.length });
  }

  undo() {
    if (!this.history.length) return;
    const { points, strip } = this.history.pop();
    this.#set(points, null, strip);
    this.words.say("undone", { n: points.length });
  }

  /** Takes every point away; the next press draws again. */
  clear() {
    if (this.points.length) this.change([], null);
    this.use(this.tool === "strip" ? "strip" : "draw");
    this.words.say("cleared");
  }

  /** The drawing is as it should be: from here on its points are only moved. */
  finish() {
    this.use("move");
    this.fit();
    const length = this.points.slice(1).reduce((sum, point, index) => sum + distance(this.points[index], point, this.meridian), 0);
    this.words.say(FINISHED[this.kind], { n: this.points.length, length: length.toFixed(1) });
  }

  /** Takes hold of a corner; the first one of an area that is being drawn closes it. */
  take(index) {
    if (this.tool === "draw" && this.closed && index === 0 && this.points.length > 2) this.finish();
    else this.select(index);
  }

  select(index) {
    this.selected = index;
    this.#render();
  }

  #set(points, selected, strip, { source, label } = DRAWN) {
    Object.assign(this, { points, selected, strip });
    this.#render();
    const geometry = toGeometry(this.kind, points);
    this.input.value = geometry ? JSON.stringify(geometry) : "";
    if (this.source && this.source !== this.input) this.source.value = geometry ? source : "";
    if (this.label) this.label.value = label;
    if (this.kind === "point" && source === "drawn") unchoose(this.frame.dataset.mapField);
    // typed input takes precedence over the drawing, so that of an earlier place must go
    for (const input of this.typed?.querySelectorAll("input, textarea") ?? []) input.value = "";
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #onClick(event) {
    if (this.isDrawing) this.add(lonlat(event.latlng));
    else if (this.selected !== null) this.select(null);
  }

  #render() {
    this.shape.render();
    this.tools.update();
    this.frame.classList.toggle("is-drawing", this.isDrawing);
    if (this.selected !== null) this.words.show("selected", "keysVertex", { n: this.selected + 1 });
    else if (this.tool === "strip") this.words.show(this.points.length === 1 ? "hintStripTo" : "hintStrip", "keysDraw");
    else this.words.show(this.isDrawing ? (this.isSet ? "hintAgain" : "hintDraw") : "hintMove", "keysDraw");
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
    Object.assign(this, { points: fromGeometry(placed), selected: null, strip: null });
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
  // keys move corners here; a screen reader has to let them through
  const canvas = map.getContainer();
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", frame.getAttribute("aria-label"));
  addBase(map, base);
  frame.drawing = new Drawing(map, { kind: frame.dataset.kind, input, meridian: base.meridian });
}
