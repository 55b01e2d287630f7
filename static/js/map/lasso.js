// Selecting on the map, by pointer or keyboard: an area drawn in one stroke or corner by corner (囲んで選ぶ), a box (四角で選ぶ), or what lies
// around a spot (まわりを選ぶ) becomes part of the list's filter.
import L from "leaflet";
import { CASES_FILTERED, MAP_AREA_DRAWN } from "../events.js";
import { translate } from "../page/messages.js";
import { frameOf } from "./frame.js";
import { MAX_CORNERS, boxCorners, decodeRing, encodeRing, encodeSpot } from "./ring.js";

const CORNER_TOLERANCE = 14; // pixels within which a click means an existing corner
const DRAG_THRESHOLD = 8; // pixels after which a press is a drag
const CLICK_DELAY = 400; // milliseconds in which the clicks of a press may follow
const HINTS = { lasso: ["hintLasso", "keysLasso"], box: ["hintBox", "keysBox"], spot: ["hintSpot", "keysSpot"] };

class Lasso {
  constructor(map) {
    this.map = map;
    this.frame = frameOf(map);
    this.tools = this.frame.querySelector("[data-map-tools]");
    this.hint = this.frame.querySelector("[data-map-hint]");
    this.metres = this.tools.querySelector("[data-spot-metres]");
    this.tool = "look";
    this.corners = [];
    this.stroke = null;
    this.releasedAt = -Infinity;
    this.line = L.polygon([], { className: "lasso", pane: "drawing", interactive: false }).addTo(map);
    this.selection = L.polygon([], { className: "lasso lasso--chosen", pane: "boundary", interactive: false }).addTo(map);
    L.DomEvent.disableClickPropagation(this.tools);
    this.tools.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-tool]")?.dataset.tool;
      if (tool) this.useTool(tool);
    });
    this._wirePointer(map.getContainer());
    // in the capture phase, before Leaflet, whose arrows still move the map
    map.getContainer().addEventListener("keydown", (event) => this._key(event), { capture: true });
  }

  get active() {
    return this.frame.classList.contains("is-lasso");
  }

  /** Switches to a tool and discards what was begun. Those that select nothing (look, measure) only leave the others. */
  useTool(tool) {
    for (const button of this.tools.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    this.tool = tool;
    const selects = tool in HINTS;
    this.frame.classList.toggle("is-lasso", selects);
    this.map.dragging[selects ? "disable" : "enable"]();
    this.map.doubleClickZoom[tool === "look" ? "enable" : "disable"]();
    this.hint.hidden = tool === "look";
    this.metres.hidden = tool !== "spot";
    if (selects) this._showHint(...HINTS[tool]);
    this.corners = [];
    this.stroke = null;
    this._render();
    if (tool !== "look") this.map.getContainer().focus({ preventScroll: true });
  }

  /** Shows the area of the filter, or none. */
  show(text) {
    this.selection.setLatLngs(decodeRing(text) ?? []);
  }

  add(latlng) {
    if (this.tool === "spot") {
      this._choose({ near: encodeSpot(latlng, this.metres.querySelector("select").value) });
      return;
    }
    if (this.corners.length >= MAX_CORNERS) return;
    this.corners.push(latlng);
    if (this.tool === "box") {
      if (this.corners.length === 2) this.finish();
      else this._showHint("hintBoxCorner", "keysBox");
      return;
    }
    this._render();
    this._showHint("hintCorners", "keysCorners", { n: this.corners.length });
  }

  finish() {
    const corners = this.tool === "box" ? boxCorners(this.corners) : simplify(this.map, this.corners);
    if (corners.length >= 3) this._choose({ area: encodeRing(corners) });
  }

  _choose(detail) {
    this.useTool("look");
    this.frame.dispatchEvent(new CustomEvent(MAP_AREA_DRAWN, { bubbles: true, detail }));
  }

  _showHint(message, keys, values) {
    const span = document.createElement("span");
    span.className = "keys";
    span.textContent = translate(keys);
    this.hint.replaceChildren(`${translate(message, values)} `, span);
  }

  _render() {
    this.line.setLatLngs(this.tool === "box" ? boxCorners(this.corners) : this.corners);
  }

  _wirePointer(container) {
    container.addEventListener("pointerdown", (event) => {
      this.releasedAt = -Infinity; // the clicks of this press are its own
      if (!this.active || event.button !== 0 || event.isPrimary === false) return;
      event.preventDefault();
      container.setPointerCapture(event.pointerId);
      this.stroke = { from: this.map.mouseEventToContainerPoint(event), dragged: false };
    });
    container.addEventListener("pointermove", (event) => {
      if (!this.stroke) return;
      const now = this.map.mouseEventToContainerPoint(event);
      if (!this.stroke.dragged && this.stroke.from.distanceTo(now) < DRAG_THRESHOLD) return;
      if (this.tool === "spot") return;
      const first = this.map.containerPointToLatLng(this.stroke.from);
      if (!this.stroke.dragged || this.tool === "box") this.corners = [first];
      this.stroke.dragged = true;
      this.corners.push(this.map.containerPointToLatLng(now));
      this._render();
    });
    const release = (event) => {
      if (!this.stroke) return;
      const { dragged, from } = this.stroke;
      this.stroke = null;
      this.releasedAt = event.timeStamp;
      if (event.type === "pointercancel") this.useTool(this.tool);
      else if (dragged) this.finish();
      else this._click(from);
    };
    container.addEventListener("pointerup", release);
    container.addEventListener("pointercancel", release);
    // the clicks of the tool must reach neither pins nor zooming
    for (const name of ["click", "dblclick"]) {
      container.addEventListener(name, (event) => (this.active || event.timeStamp - this.releasedAt < CLICK_DELAY) && event.stopImmediatePropagation(), { capture: true });
    }
  }

  /** A click sets a corner; on the first or the last corner it closes the area. */
  _click(point) {
    if (this.tool !== "lasso") {
      this.add(this.map.containerPointToLatLng(point));
      return;
    }
    const isNear = (corner) => corner && this.map.latLngToContainerPoint(corner).distanceTo(point) < CORNER_TOLERANCE;
    if (isNear(this.corners[0]) || isNear(this.corners.at(-1))) this.finish();
    else this.add(this.map.containerPointToLatLng(point));
  }

  _key(event) {
    if (!this.active || event.target !== this.map.getContainer()) return;
    if (event.key === " ") this.add(this.map.getCenter());
    else if (event.key === "Enter") this.finish();
    else if (event.key === "Backspace" || event.key === "Delete") {
      this.corners.pop();
      this._render();
    } else if (event.key === "Escape") this.useTool("look");
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** The same area with as few corners as it looks alike with, and never more than the URL may hold. */
function simplify(map, corners) {
  const points = corners.map((corner) => map.latLngToLayerPoint(corner));
  let simplified = points;
  for (let tolerance = 2; points.length > 8 && (tolerance === 2 || simplified.length > MAX_CORNERS); tolerance *= 1.5) {
    simplified = L.LineUtil.simplify(points, tolerance);
  }
  return simplified.map((point) => map.layerPointToLatLng(point));
}

/** Wires the tools of the frame, and keeps the shown area in step with the page's filter. */
export function wireLasso(map, query) {
  const lasso = new Lasso(map);
  const show = (text) => lasso.show(new URLSearchParams(text).get("area"));
  show(query);
  document.addEventListener(CASES_FILTERED, (event) => show(event.detail.query));
}
