// 囲んで選ぶ: an area drawn on the map, in one stroke or corner by corner, by hand or with keys, becomes part of the list's filter.
import L from "leaflet";
import { say } from "../page/words.js";
import { frameOf } from "./frame.js";
import { MAX_CORNERS, ringOf, ringText } from "./ring.js";

const NEAR = 14; // pixels in which a press means a corner that is there
const STROKE = 8; // pixels after which a press has become a stroke
const ECHO = 400; // milliseconds in which the clicks of a press may come

class Lasso {
  constructor(map) {
    this.map = map;
    this.frame = frameOf(map);
    this.tools = this.frame.querySelector("[data-map-tools]");
    this.hint = this.frame.querySelector("[data-map-hint]");
    this.corners = [];
    this.stroke = null;
    this.pressed = -Infinity;
    this.line = L.polygon([], { className: "lasso", pane: "drawing", interactive: false }).addTo(map);
    this.chosen = L.polygon([], { className: "lasso lasso--chosen", pane: "boundary", interactive: false }).addTo(map);
    L.DomEvent.disableClickPropagation(this.tools);
    this.tools.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-tool]")?.dataset.tool;
      if (tool) this.take(tool);
    });
    this._wirePointer(map.getContainer());
    // before Leaflet, whose arrows still move the map
    map.getContainer().addEventListener("keydown", (event) => this._key(event), { capture: true });
  }

  get on() {
    return this.frame.classList.contains("is-lasso");
  }

  /** Takes up a tool; what was begun is gone. */
  take(tool) {
    for (const button of this.tools.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    const lasso = tool === "lasso";
    this.frame.classList.toggle("is-lasso", lasso);
    this.map.dragging[lasso ? "disable" : "enable"]();
    this.map.doubleClickZoom[lasso ? "disable" : "enable"]();
    this.hint.hidden = !lasso;
    this._say("hintLasso", "keysLasso");
    this.corners = [];
    this.stroke = null;
    this._draw();
    if (lasso) this.map.getContainer().focus({ preventScroll: true });
  }

  /** Shows the area of the filter, or none. */
  show(text) {
    this.chosen.setLatLngs(ringOf(text) ?? []);
  }

  add(latlng) {
    if (this.corners.length >= MAX_CORNERS) return;
    this.corners.push(latlng);
    this._draw();
    this._say("hintCorners", "keysCorners", { n: this.corners.length });
  }

  finish() {
    const corners = simplified(this.map, this.corners);
    if (corners.length < 3) return;
    this.take("look");
    this.frame.dispatchEvent(new CustomEvent("map:area", { bubbles: true, detail: { area: ringText(corners) } }));
  }

  _say(words, keys, values) {
    const more = document.createElement("span");
    more.className = "keys";
    more.textContent = say(keys);
    this.hint.replaceChildren(`${say(words, values)} `, more);
  }

  _draw() {
    this.line.setLatLngs(this.corners);
  }

  _wirePointer(container) {
    container.addEventListener("pointerdown", (event) => {
      this.pressed = -Infinity; // the clicks of this press are its own
      if (!this.on || event.button !== 0 || event.isPrimary === false) return;
      event.preventDefault();
      container.setPointerCapture(event.pointerId);
      this.stroke = { from: this.map.mouseEventToContainerPoint(event), free: false };
    });
    container.addEventListener("pointermove", (event) => {
      if (!this.stroke) return;
      const now = this.map.mouseEventToContainerPoint(event);
      if (!this.stroke.free && this.stroke.from.distanceTo(now) < STROKE) return;
      if (!this.stroke.free) this.corners = [this.map.containerPointToLatLng(this.stroke.from)];
      this.stroke.free = true;
      this.corners.push(this.map.containerPointToLatLng(now));
      this._draw();
    });
    const lift = (event) => {
      if (!this.stroke) return;
      const { free, from } = this.stroke;
      this.stroke = null;
      this.pressed = event.timeStamp;
      if (event.type === "pointercancel") this.take("lasso");
      else if (free) this.finish();
      else this._press(from);
    };
    container.addEventListener("pointerup", lift);
    container.addEventListener("pointercancel", lift);
    // pins and zooming must not take the clicks of the tool for theirs
    for (const name of ["click", "dblclick"]) {
      container.addEventListener(name, (event) => (this.on || event.timeStamp - this.pressed < ECHO) && event.stopImmediatePropagation(), { capture: true });
    }
  }

  /** A press sets a corner; on the first one again, or on the last, the area is closed. */
  _press(point) {
    const near = (corner) => corner && this.map.latLngToContainerPoint(corner).distanceTo(point) < NEAR;
    if (near(this.corners[0]) || near(this.corners.at(-1))) this.finish();
    else this.add(this.map.containerPointToLatLng(point));
  }

  _key(event) {
    if (!this.on || event.target !== this.map.getContainer()) return;
    if (event.key === " ") this.add(this.map.getCenter());
    else if (event.key === "Enter") this.finish();
    else if (event.key === "Backspace" || event.key === "Delete") {
      this.corners.pop();
      this._draw();
    } else if (event.key === "Escape") this.take("look");
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** The same area with as few corners as the eye needs, and never more than the address may hold. */
function simplified(map, corners) {
  const points = corners.map((corner) => map.latLngToLayerPoint(corner));
  let found = points;
  for (let tolerance = 2; points.length > 8 && (tolerance === 2 || found.length > MAX_CORNERS); tolerance *= 1.5) {
    found = L.LineUtil.simplify(points, tolerance);
  }
  return found.map((point) => map.layerPointToLatLng(point));
}

/** Wires the tool of the frame, and keeps the shown area in step with the page's filter. */
export function wireLasso(map, query) {
  const lasso = new Lasso(map);
  const show = (text) => lasso.show(new URLSearchParams(text).get("area"));
  show(query);
  document.addEventListener("cases:filter", (event) => show(event.detail.query));
}
