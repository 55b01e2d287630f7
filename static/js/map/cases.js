// Cases on the desk map: counted circles while the city is in view, pins and areas in the street.
import L from "leaflet";
import { say } from "../page/words.js";
import { wireComparing } from "./compare.js";
import { wireLasso } from "./lasso.js";
import { clusterIcon, paintPin, pinIcon, statusColours } from "./symbols.js";
import { SignTiles, fetchTile, tileAddress, tileCanvas, traceRings } from "./tiles.js";
import { keepView } from "./view.js";

const REACH = 18; // pixels around the middle of a pin in which a click means it
const MARGIN = 34;

export const CaseTiles = SignTiles.extend({
  options: { pane: "areas", cellsUpTo: 14, eventName: "case:open" },

  initialize(options) {
    L.setOptions(this, options);
    this._filters = options.filters ?? "";
    this._loaded = new Map();
    this._stale = new Map();
  },

  onAdd(map) {
    this._colours = statusColours();
    this._markers = L.layerGroup().addTo(map);
    this._chosen = L.layerGroup().addTo(map);
    this.on("tileunload", ({ coords }) => this._forget(coords));
    this.on("load", () => this._dropStale());
    map.on("zoomstart", this._dropStale, this);
    map.on("click", this._clicked, this);
    map.on("mousemove", this._hovered, this);
    return SignTiles.prototype.onAdd.call(this, map);
  },

  onRemove(map) {
    map.off("click", this._clicked, this);
    map.off("mousemove", this._hovered, this);
    map.off("zoomstart", this._dropStale, this);
    this._markers.remove();
    this._chosen.remove();
    return SignTiles.prototype.onRemove.call(this, map);
  },

  /** Other filters: the same tiles asked anew. */
  setFilters(query) {
    if (query === this._filters) return;
    this._filters = query;
    this.redraw();
  },

  /** Marks a case wherever it is seen; the map goes there when told where. */
  choose(caseId, place) {
    this._caseId = String(caseId);
    this._chosen.clearLayers();
    const known = place ?? this._find(this._caseId);
    if (!known) return;
    const icon = L.divIcon({ className: "case-icon", html: pinIcon(known.status, { late: known.late, selected: true }), iconSize: [28, 32], iconAnchor: [14, 30] });
    this._chosen.addLayer(L.marker(known.latlng, { icon, pane: "selected", interactive: false, keyboard: false }));
  },

  createTile(coords, done) {
    const tile = document.createElement("div");
    const abort = new AbortController();
    const entry = { abort, pins: [], markers: [] };
    this._forget(coords);
    this._loaded.set(this._tileCoordsToKey(coords), entry);
    fetchTile(tileAddress(this.options.url, coords, this._filters), abort.signal).then(
      (layers) => {
        if (abort.signal.aborted) return;
        this._dropStale(this._tileCoordsToKey(coords));
        if (coords.z <= this.options.cellsUpTo) this._addCells(entry, coords, layers.cells ?? []);
        else tile.append(this._paint(entry, coords, layers));
        if (this._caseId && !this._chosen.getLayers().length) this.choose(this._caseId);
        done(null, tile);
      },
      (error) => abort.signal.aborted || done(error, tile),
    );
    return tile;
  },

  /** The pins of before stay and can be pressed until the tile that replaces theirs is there: no press meets an empty place. */
  redraw() {
    this._dropStale();
    const before = this._loaded;
    for (const { abort } of before.values()) abort.abort();
    this._loaded = new Map();
    SignTiles.prototype.redraw.call(this);
    this._stale = before;
    return this;
  },

  /** Takes away the pins of before: those of one tile, or all. */
  _dropStale(tileKey) {
    for (const key of typeof tileKey === "string" ? [tileKey] : [...this._stale.keys()]) {
      for (const marker of this._stale.get(key)?.markers ?? []) this._markers.removeLayer(marker);
      this._stale.delete(key);
    }
  },

  _forget(coords) {
    const key = this._tileCoordsToKey(coords);
    const entry = this._loaded.get(key);
    if (!entry) return;
    entry.abort.abort();
    for (const marker of entry.markers) this._markers.removeLayer(marker);
    this._loaded.delete(key);
  },

  _latlng({ x, y, z }, point) {
    const size = this.getTileSize();
    return this._map.unproject(L.point(x * size.x + point.x, y * size.y + point.y), z);
  },

  _addCells(entry, coords, cells) {
    for (const { properties, rings } of cells) {
      const latlng = this._latlng(coords, rings[0][0]);
      const marker = properties.n === 1 && properties.case_id ? this._pin(latlng, properties) : this._cluster(latlng, properties);
      entry.markers.push(marker);
      this._markers.addLayer(marker);
    }
  },

  _pin(latlng, counts) {
    const status = this.options.statuses.find((name) => counts[name]);
    const late = counts.late > 0;
    const icon = L.divIcon({ className: "case-icon", html: pinIcon(status, { late }), iconSize: [28, 32], iconAnchor: [14, 30] });
    const marker = L.marker(latlng, { icon, keyboard: false, title: say("pin") });
    marker.case = { id: String(counts.case_id), status, late, latlng };
    marker.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      this._open(marker.case);
    });
    return marker;
  },

  _cluster(latlng, counts) {
    const { html, size } = clusterIcon(counts, this.options.statuses);
    const title = say(counts.late ? "clusterLate" : "cluster", counts);
    const marker = L.marker(latlng, { icon: L.divIcon({ className: "case-icon", html, iconSize: [size, size] }), keyboard: false, title });
    marker.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      this._map.setView(latlng, Math.min(this._map.getZoom() + 2, this._map.getMaxZoom()));
    });
    return marker;
  },

  _paint(entry, coords, { areas = [], pins = [] }) {
    const { canvas, context } = tileCanvas(MARGIN);
    context.save();
    context.beginPath();
    context.rect(0, 0, 256, 256);
    context.clip();
    for (const area of areas) {
      traceRings(context, area);
      const colour = this._colours[area.properties.status] ?? this._colours.no;
      context.fillStyle = context.strokeStyle = colour;
      context.globalAlpha = 0.3;
      if (area.type === 3) context.fill("evenodd");
      context.globalAlpha = 1;
      context.lineWidth = area.type === 3 ? 2 : 4;
      context.stroke();
    }
    context.restore();
    for (const { properties, rings } of pins.toSorted((a, b) => a.rings[0][0].y - b.rings[0][0].y)) {
      const { x, y } = rings[0][0];
      paintPin(context, x, y, { status: properties.status, late: properties.late, colours: this._colours });
      entry.pins.push({ id: String(properties.case_id), status: properties.status, late: properties.late, latlng: this._latlng(coords, { x, y }) });
    }
    return canvas;
  },

  _find(caseId) {
    for (const { pins, markers } of this._loaded.values()) {
      const found = pins.find((pin) => pin.id === caseId) ?? markers.find((marker) => marker.case?.id === caseId)?.case;
      if (found) return found;
    }
    return null;
  },

  /** The nearest pin under a place on the screen; also one whose marker was replaced between press and release. */
  _at(containerPoint) {
    let nearest = null;
    let best = REACH;
    for (const { pins, markers } of [...this._stale.values(), ...this._loaded.values()]) {
      for (const pin of [...pins, ...markers.flatMap((marker) => marker.case ?? [])]) {
        const tip = this._map.latLngToContainerPoint(pin.latlng);
        const away = Math.hypot(tip.x - containerPoint.x, tip.y - 16 - containerPoint.y);
        if (away < best) [nearest, best] = [pin, away];
      }
    }
    return nearest;
  },

  _clicked(event) {
    const pin = this._at(event.containerPoint);
    if (pin) this._open(pin);
  },

  _hovered(event) {
    this._map.getContainer().classList.toggle("over-case", this._at(event.containerPoint) !== null);
  },

  _open(pin) {
    this.choose(pin.id, pin);
    const detail = { caseId: pin.id };
    this._map.getContainer().dispatchEvent(new CustomEvent(this.options.eventName, { detail, bubbles: true }));
  },
});

/** Adds the cases and keeps them in step with the list of the page: its filter, the chosen row, pans to a case. */
export function caseTiles(map, options) {
  const { query, mapQuery } = document.getElementById("pane").dataset;
  keepView(map, query);
  wireLasso(map, query);
  wireComparing(map);
  const layer = new CaseTiles({ ...options, filters: mapQuery }).addTo(map);
  document.addEventListener("cases:filter", (event) => layer.setFilters(event.detail.query));
  document.addEventListener("case:chosen", ({ detail }) => {
    const place = detail.lat && { latlng: L.latLng(detail.lat, detail.lon), status: detail.status ?? "new", late: Boolean(detail.late) };
    if (place && !map.getBounds().pad(-0.1).contains(place.latlng)) {
      map.following = true;
      map.panTo(place.latlng);
    }
    layer.choose(detail.caseId, place || undefined);
  });
  return layer;
}
