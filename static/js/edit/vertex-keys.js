// The corners of the chosen feature under the keys, with the same keys as in drawing for residents (map/draw-keys.js).
import L from "leaflet";
import { handleKeys } from "../map/draw-keys.js";
import { offset } from "../map/measure.js";
import { translate } from "../page/messages.js";
import { runsOf } from "./shapes.js";

const SETTLE = 600; // ms after the last key until the shape is kept
const SHORTEST = { polygon: 3, line: 2, point: 1 };

export class VertexKeys {
  constructor(editor) {
    this.editor = editor;
    this.map = editor.map;
    this.selected = null;
    this.mark = L.marker([0, 0], { icon: L.divIcon({ className: "edit-vertex", iconSize: [18, 18] }), interactive: false, keyboard: false, pane: "selected" });
    handleKeys(this);
  }

  get points() {
    return this.editor.chosenLayer ? runsOf(this.editor.chosenLayer).flat() : [];
  }

  select(index) {
    this.selected = index;
    this.mark.remove();
    if (index !== null && this.points[index]) this.mark.setLatLng(this.points[index]).addTo(this.map);
    this.editor.hint(index === null ? null : `${translate("vertexSelected", { n: index + 1 })} ${translate("keysVertex")}`);
  }

  nudge(index, east, north) {
    const point = this.points[index];
    const [lng, lat] = offset([point.lng, point.lat], east, north);
    this.#change((run, at) => run.splice(at, 1, L.latLng(lat, lng)), index);
    this.select(index);
  }

  remove(index) {
    const { run } = this.#find(index);
    if (run.length <= SHORTEST[this.editor.kind]) return;
    this.#change((points, at) => points.splice(at, 1), index);
    this.select(Math.min(index, this.points.length - 1));
  }

  /** While something is drawn, the key sets a corner where the map has its middle. */
  add() {
    const latlng = this.map.getCenter();
    for (const type of ["mousemove", "click"]) this.map.fire(type, { latlng, layerPoint: this.map.latLngToLayerPoint(latlng), containerPoint: this.map.latLngToContainerPoint(latlng), originalEvent: new MouseEvent(type) });
  }

  undo() {
    this.editor.press("undo");
  }

  #find(index) {
    let at = index;
    for (const run of runsOf(this.editor.chosenLayer)) {
      if (at < run.length) return { run, at };
      at -= run.length;
    }
    throw new RangeError(String(index));
  }

  #change(act, index) {
    const layer = this.editor.chosenLayer;
    const { run, at } = this.#find(index);
    act(run, at);
    if (layer.setLatLngs) layer.setLatLngs(layer.getLatLngs());
    else if (layer.setLatLng) layer.setLatLng(run[0]);
    else layer.getLayers()[index].setLatLng(run[0]);
    this.editor.refreshHandles();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.editor.keepShape(), SETTLE);
  }
}
