// How a drawing looks: its outline, its corners to take hold of, and the lengths of its sides.
import L from "leaflet";
import { distance, middle, orientation, sides } from "./measure.js";

export const latlng = ([lon, lat]) => L.latLng(lat, lon);
export const lonlat = ({ lng, lat }) => [lng, lat];

const HOLD = 44; // pixels around a corner that take hold of it
const DOT = 16; // the corner as it is seen
const HAS_FINGERS = matchMedia("(pointer: coarse)");

export class DrawnShape {
  constructor(drawing) {
    this.drawing = drawing;
    this.lines = L.layerGroup().addTo(drawing.map);
    this.markers = L.layerGroup().addTo(drawing.map);
    drawing.map.on("zoomend", () => this.render());
  }

  render() {
    const { points, kind } = this.drawing;
    this.lines.clearLayers();
    this.markers.clearLayers();
    this.#renderOutline(points);
    points.forEach((point, index) => this.markers.addLayer(this.#corner(point, index)));
    if (kind !== "point") this.#renderSides(points);
  }

  #renderOutline(points) {
    this.outline = null;
    if (this.drawing.kind === "point" || points.length < 2) return;
    const area = this.drawing.closed && points.length > 2;
    const options = { className: "drawn-shape", pane: "drawing", interactive: false, fill: area };
    this.outline = (area ? L.polygon : L.polyline)(points.map(latlng), options);
    this.lines.addLayer(this.outline);
  }

  /** While points are set, a corner keeps only its own dot from the next one, and under a finger not even that. */
  #corner(point, index) {
    const { drawing } = this;
    const interactive = !(drawing.isDrawing && HAS_FINGERS.matches);
    const size = drawing.isDrawing ? DOT : HOLD;
    const css = `vertex${drawing.kind === "point" ? " vertex--point" : ""}${index === drawing.selected ? " is-selected" : ""}`;
    const marker = L.marker(latlng(point), { icon: L.divIcon({ className: css, iconSize: [size, size] }), draggable: interactive, interactive, keyboard: false, zIndexOffset: 1000 });
    marker.on("click", () => drawing.take(index));
    marker.on("drag", () => this.outline?.setLatLngs(drawing.points.with(index, lonlat(marker.getLatLng())).map(latlng)));
    marker.on("dragend", () => drawing.move(index, lonlat(marker.getLatLng())));
    return marker;
  }

  #renderSides(points) {
    const { map, closed, isDrawing, meridian } = this.drawing;
    const pixel = (point) => map.latLngToLayerPoint(latlng(point));
    const outward = orientation(points.map(pixel)) < 0 ? -1 : 1;
    for (const [index, [from, to]] of sides(points, closed).entries()) {
      const [a, b] = [pixel(from), pixel(to)];
      const pixels = a.distanceTo(b);
      if (pixels > 56 && !isDrawing) this.markers.addLayer(this.#midpoint(index, from, to));
      if (pixels > 36) this.markers.addLayer(this.#sideLength(distance(from, to, meridian), a, b, outward));
    }
  }

  /** The small dot in the middle of a side, which becomes a corner when clicked or dragged. */
  #midpoint(index, from, to) {
    const marker = L.marker(latlng(middle(from, to)), { icon: L.divIcon({ className: "vertex vertex--mid", iconSize: [32, 32] }), draggable: true, keyboard: false });
    marker.on("click", () => this.drawing.insert(index + 1, middle(from, to)));
    marker.on("dragend", () => this.drawing.insert(index + 1, lonlat(marker.getLatLng())));
    return marker;
  }

  /** The length of a side in a label beside it, on the outside. */
  #sideLength(metres, a, b, outward) {
    const along = b.subtract(a).divideBy(a.distanceTo(b));
    const shift = L.point(along.y * 34 * outward, -along.x * 20 * outward);
    const at = this.drawing.map.layerPointToLatLng(a.add(b).divideBy(2).add(shift));
    const icon = L.divIcon({ className: "side-length", html: `<span>${metres.toFixed(1)} m</span>`, iconSize: [0, 0] });
    return L.marker(at, { icon, interactive: false, keyboard: false, pane: "drawing" });
  }
}
