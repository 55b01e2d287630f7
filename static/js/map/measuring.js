// Measuring on the staff map (はかる): the way along pressed points and the area that they enclose, in the plane system of the city, as the
// server measures. Nothing of it is kept.
import L from "leaflet";
import { translate } from "../page/messages.js";
import { frameOf } from "./frame.js";
import { areaInPlane, inPlane, isCrossing, lengthInPlane } from "./plane.js";

const DRAG_THRESHOLD = 8; // pixels after which a press has moved the map
const SAME_POINT = 4; // pixels within which a press means the last point, as the second one of a double click does

const round = (value, decimals) => value.toLocaleString("ja-JP", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** A length in metres as people say it: 123.4 m, 1.234 km. */
export const lengthInWords = (metres) => (metres < 1000 ? `${round(metres, 1)} m` : `${round(metres / 1000, 3)} km`);

/** An area in square metres as people say it, with hectares from one on. */
export const areaInWords = (area) => `${round(area, area < 100 ? 1 : 0)} m²${area < 10_000 ? "" : `(${round(area / 10_000, 2)} ha)`}`;

class Measuring {
  constructor(map) {
    this.map = map;
    this.frame = frameOf(map);
    this.tools = this.frame.querySelector("[data-map-tools]");
    this.hint = this.frame.querySelector("[data-map-hint]");
    this.plane = JSON.parse(this.frame.querySelector("[data-coordinates]").dataset.coordinates);
    this.points = [];
    this.drawn = L.layerGroup().addTo(map);
    this.tools.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-tool]")?.dataset.tool;
      if (tool) this.use(tool === "measure");
    });
    const container = map.getContainer();
    container.addEventListener("pointerdown", (event) => (this.pressed = map.mouseEventToContainerPoint(event)), { capture: true });
    // before Leaflet, which would open a pin and zoom at the second press
    container.addEventListener("click", (event) => this._click(event), { capture: true });
    container.addEventListener("keydown", (event) => this._key(event), { capture: true });
  }

  /** Begins anew, or ends. */
  use(active) {
    this.active = active;
    this.frame.classList.toggle("is-measuring", active);
    this.points = [];
    this._render();
  }

  add(latlng) {
    this.points.push(latlng);
    this._render();
  }

  _click(event) {
    if (!this.active) return;
    event.stopImmediatePropagation();
    const point = this.map.mouseEventToContainerPoint(event);
    const last = this.points.at(-1);
    if (this.pressed?.distanceTo(point) > DRAG_THRESHOLD) return;
    if (last && this.map.latLngToContainerPoint(last).distanceTo(point) < SAME_POINT) return;
    this.add(this.map.containerPointToLatLng(point));
  }

  _key(event) {
    if (!this.active || event.target !== this.map.getContainer()) return;
    if (event.key === "Enter" || event.key === " ") this.add(this.map.getCenter());
    else if (event.key === "Backspace" || event.key === "Delete") {
      this.points.pop();
      this._render();
    } else if (event.key === "Escape") this.tools.querySelector('[data-tool="look"]').click();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  _render() {
    this.drawn.clearLayers();
    if (!this.active) return;
    const line = { className: "measured", pane: "drawing", interactive: false };
    if (this.points.length > 2) this.drawn.addLayer(L.polygon(this.points, { ...line, className: "measured measured--area" }));
    this.drawn.addLayer(L.polyline(this.points, line));
    for (const point of this.points) this.drawn.addLayer(L.circleMarker(point, { className: "measured measured--point", pane: "drawing", radius: 4, interactive: false }));
    const keys = document.createElement("span");
    keys.className = "keys";
    keys.textContent = translate("keysMeasure");
    this.hint.replaceChildren(this._result(), " ", keys);
  }

  /** What was measured, in words, for the eye and the ear. */
  _result() {
    if (this.points.length < 2) return translate(this.points.length ? "hintMeasureNext" : "hintMeasure");
    const points = this.points.map(({ lng, lat }) => inPlane(lng, lat, this.plane));
    const result = document.createElement("b");
    const length = lengthInWords(lengthInPlane(points));
    if (points.length < 3) result.textContent = translate("measuredLength", { length });
    else if (isCrossing(points)) result.textContent = translate("measuredCrossing", { length });
    else result.textContent = translate("measuredArea", { length, area: areaInWords(areaInPlane(points)) });
    return result;
  }
}

/** Wires the tool of the frame; the other tools of the frame must be wired before it. */
export const wireMeasuring = (map) => new Measuring(map);
