// The map of an editor: Leaflet-Geoman draws and moves, every finished change goes to the server as a step, and what the server says is so
// is shown. The map never holds anything that is not kept but what is under the hand.
import L from "leaflet";
import "@geoman-io/leaflet-geoman-free";
import { frameOf } from "../map/frame.js";
import { Neighbours } from "./neighbours.js";
import { DOT, elementsOf, geometryOf, layerOf, partsOf } from "./shapes.js";
import { VertexKeys } from "./vertex-keys.js";

// handles are no buttons of their own: the keys go through the map (vertex-keys.js), so Tab passes it once
L.Marker.mergeOptions({ keyboard: false });

const SHAPES = { polygon: "Polygon", line: "Line", point: "Marker" };
const SNAP = 18; // pixels
const SMALL = 60; // pixels across below which nobody can take hold of a feature
/** Words of a feature as an element, so that nothing in them is read as HTML. */
const wordsOf = (text) => Object.assign(document.createElement("span"), { textContent: text });
const box = (map) => map.getBounds().toBBoxString();

export class FeatureEditor {
  /** @param {{url: string, kind: string, most: number, bounds?: number[][], closest: number}} options @param {object} page what stands around it */
  constructor(map, options, page) {
    Object.assign(this, { map, page, kind: options.kind, url: options.url, tool: "select", layers: new Map(), chosen: null, dragging: false });
    this.frame = frameOf(map);
    this.group = L.featureGroup().addTo(map);
    this.hints = JSON.parse(this.frame.querySelector("[data-edit-hint]").dataset.hints);
    map.pm.setLang("ja");
    map.pm.setGlobalOptions({ snappable: true, snapDistance: SNAP, allowSelfIntersection: true, continueDrawing: false, tooltips: false, removeLayerBelowMinVertexCount: false, markerStyle: { icon: DOT() } });
    if (options.bounds) map.fitBounds(options.bounds, { padding: [24, 24], maxZoom: options.closest, animate: false });
    this.neighbours = new Neighbours(map, options.url);
    this.keys = new VertexKeys(this);
    map.on("pm:create", ({ layer }) => this.#drawn(layer));
    map.on("moveend", () => this.load());
    this.#wireTools();
    this.load();
  }

  get chosenLayer() {
    return this.layers.get(this.chosen);
  }

  /** Reads the features in view again; what is not kept yet stays as it is. */
  async load() {
    this.request?.abort();
    this.request = new AbortController();
    const response = await fetch(`${this.url}/features.json?bbox=${box(this.map)}`, { signal: this.request.signal }).catch(() => null);
    if (!response?.ok || !this.page.idle || this.dragging || this.keys.timer) return;
    const { features, more } = await response.json();
    const refused = this.refused && this.chosenLayer;
    this.group.clearLayers();
    this.layers.clear();
    for (const feature of features) {
      if (!refused || feature.id !== this.chosen) this.#add(feature);
    }
    if (refused) this.#put(this.chosen, refused);
    this.crowded = more;
    this.#markChosen();
    if (this.keys.selected === null) this.hint(null);
  }

  #add(feature) {
    const layer = layerOf(feature);
    this.#put(feature.id, layer);
    for (const element of elementsOf(layer)) element.dataset.mark = feature.properties.mark;
    if (feature.properties.label) layer.bindTooltip(wordsOf(feature.properties.label), { sticky: true });
    layer.on("tooltipopen", () => this.tool !== "select" && this.tool !== "merge" && layer.closeTooltip());
    layer.on("click", (event) => this.#pressed(feature.id, event));
    for (const part of partsOf(layer)) {
      part.on("pm:markerdragstart pm:dragstart", () => (this.dragging = true));
      part.on("pm:markerdragend pm:dragend", () => (this.dragging = false));
      part.on("pm:edit pm:markerdragend pm:dragend", () => setTimeout(() => this.keepShape()));
    }
    layer.kept = JSON.stringify(geometryOf(layer));
  }

  #put(id, layer) {
    this.layers.set(id, layer);
    this.group.addLayer(layer);
  }

  /** While something is drawn, the press belongs to the map. */
  #pressed(id, event) {
    if (!["select", "merge"].includes(this.tool)) return;
    L.DomEvent.stopPropagation(event);
    if (this.tool === "merge" && id !== this.chosen) {
      this.page.send({ act: "merge", feature: String(this.chosen), features: String(id) });
      this.setTool("select");
    } else if (this.tool === "select" && id !== this.chosen) this.page.show(id);
  }

  /** Makes a feature the chosen one; null for none. */
  choose(id) {
    this.chosen = id;
    this.keys.select(null);
    this.#markChosen();
    this.frame.querySelectorAll("[data-needs-feature]").forEach((button) => (button.disabled = id === null));
    if (id === null && this.tool !== "draw") this.setTool("select");
  }

  /** Brings the chosen feature into view. */
  approach() {
    const layer = this.chosenLayer;
    const bounds = layer?.getBounds?.() ?? (layer && L.latLngBounds([layer.getLatLng(), layer.getLatLng()]));
    if (!bounds) return;
    const { x, y } = this.map.latLngToLayerPoint(bounds.getSouthEast()).subtract(this.map.latLngToLayerPoint(bounds.getNorthWest()));
    if (!this.map.getBounds().contains(bounds) || Math.hypot(x, y) < SMALL) this.map.fitBounds(bounds, { maxZoom: 18, padding: [40, 40], animate: false });
  }

  #markChosen() {
    for (const [id, layer] of this.layers) {
      for (const element of elementsOf(layer)) element.classList.toggle("is-chosen", id === this.chosen);
      if (id !== this.chosen) partsOf(layer).forEach((part) => part.pm.disable());
    }
    if (this.tool === "select") this.refreshHandles();
  }

  /** Shows the corners of the chosen feature anew. */
  refreshHandles() {
    const layer = this.chosenLayer;
    if (!layer) return;
    for (const part of partsOf(layer)) {
      part.pm.disable();
      part.pm.enable({ allowSelfIntersection: true, snappable: this.snaps });
    }
  }

  get snaps() {
    return document.querySelector("[data-edit-snap]").checked;
  }

  /** Sends the shape of the chosen feature, if it is another than the one that is kept. */
  keepShape() {
    const layer = this.chosenLayer;
    clearTimeout(this.keys.timer);
    this.keys.timer = null;
    if (!layer || this.dragging) return;
    const geometry = JSON.stringify(geometryOf(layer));
    if (geometry === layer.kept) return;
    layer.kept = geometry;
    this.page.send({ act: "shape", feature: String(this.chosen), geometry });
  }

  #drawn(layer) {
    const act = this.tool === "select" ? "draw" : this.tool;
    this.#keepDrawn(layer, act);
    this.setTool("select");
  }

  /** What was drawn stays on the map, and can be corrected, until the server has taken it. */
  #keepDrawn(layer, act) {
    this.pending?.remove();
    this.pending = layer;
    const send = () => this.page.send({ act, feature: act === "draw" ? "" : String(this.chosen), geometry: JSON.stringify(layer.toGeoJSON(false).geometry) });
    layer.on("pm:edit pm:markerdragend", send);
    send();
  }

  /** After an answer: a step was taken, or it was not and the fault lies `at` a position. */
  answered(taken, at) {
    this.fault?.remove();
    this.refused = !taken;
    if (taken) {
      this.pending?.remove();
      this.pending = null;
    } else {
      this.pending?.pm.enable({ allowSelfIntersection: true, snappable: this.snaps });
      if (at) this.fault = L.marker([at[1], at[0]], { icon: L.divIcon({ className: "edit-fault", iconSize: [28, 28] }), interactive: false, keyboard: false, pane: "selected" }).addTo(this.map);
    }
  }

  hint(text) {
    this.frame.querySelector("[data-edit-hint]").textContent = text ?? (this.crowded ? this.hints.crowded : this.hints[this.tool === "select" && this.chosen !== null ? "chosen" : this.tool]);
  }

  press(act) {
    document.querySelector(`#edit-state input[name="act"][value="${act}"]`)?.closest("form").requestSubmit();
  }

  #wireTools() {
    const tools = this.frame.querySelector("[data-edit-tools]");
    L.DomEvent.disableClickPropagation(tools);
    tools.addEventListener("click", (event) => {
      const tool = event.target.closest("button")?.dataset.tool;
      if (tool) this.setTool(tool === this.tool ? "select" : tool);
      this.map.getContainer().focus();
    });
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.tool !== "select") this.setTool("select");
    });
    document.querySelector("[data-edit-snap]").addEventListener("change", () => {
      this.map.pm.setGlobalOptions({ snappable: this.snaps });
      this.#markChosen();
    });
  }

  setTool(tool) {
    this.keepShape();
    this.tool = tool;
    this.map.pm.disableDraw();
    const layer = this.chosenLayer;
    if (layer) partsOf(layer).forEach((part) => part.pm.disableLayerDrag());
    for (const button of this.frame.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    const shape = { draw: SHAPES[this.kind], part: SHAPES[this.kind], split: "Line", cut: "Polygon" }[tool];
    if (shape) this.map.pm.enableDraw(shape, { snappable: this.snaps });
    if (tool === "select") this.refreshHandles();
    else if (layer) partsOf(layer).forEach((part) => part.pm.disable());
    if (tool === "drag" && layer) partsOf(layer).forEach((part) => part.pm.enableLayerDrag());
    this.hint(null);
  }
}
