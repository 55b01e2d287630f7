// Cases on the desk map: clusters while the city is in view and where cases are many, pins and areas when closer.
import L from "leaflet";
import { CASES_FILTERED, CASE_OPEN, CASE_SELECTED } from "../events.js";
import { translate } from "../page/messages.js";
import { MapCard } from "./card.js";
import { CaseCards } from "./case-cards.js";
import { wireCasePlace } from "./case-place.js";
import { wireComparison } from "./compare.js";
import { wireDensity } from "./density.js";
import { wireGroundCard } from "./ground-card.js";
import { wireGround } from "./ground.js";
import { isHit } from "./hit.js";
import { wireLasso } from "./lasso.js";
import { wireMeasuring } from "./measuring.js";
import { PinHandles } from "./pin-handles.js";
import { clusterIcon, paintPin, pinIcon, statusColours } from "./symbols.js";
import { SymbolTiles, fetchTile, tileUrl, tileCanvas, traceRings } from "./tiles.js";
import { wirePrint } from "./print.js";
import { wireToolMenu } from "./tool-menu.js";
import { keepView } from "./view.js";

const CLICK_TOLERANCE = 18; // pixels around the middle of a pin
const MARGIN = 34; // pixels around a tile into which its pins may reach

/**
 * `_map` is the map of every Leaflet layer; `_tileCoordsToKey` names a tile in events of its grid, for which Leaflet has no public function.
 * The other members that begin with `_` are our own.
 */
export const CaseTiles = SymbolTiles.extend({
  options: { pane: "areas" },

  initialize(options) {
    L.setOptions(this, options);
    this._filters = options.filters ?? "";
    this._loaded = new Map();
    this._stale = new Map();
  },

  onAdd(map) {
    this._colours = statusColours();
    this._markers = L.layerGroup().addTo(map);
    this._selected = L.layerGroup().addTo(map);
    this.on("tileunload", ({ coords }) => this._unload(coords));
    this.on("load", () => this._dropStale());
    map.on("zoomstart", this._dropStale, this);
    map.on("click", this._onClick, this);
    map.on("mousemove", this._onHover, this);
    return SymbolTiles.prototype.onAdd.call(this, map);
  },

  onRemove(map) {
    map.off("click", this._onClick, this);
    map.off("mousemove", this._onHover, this);
    map.off("zoomstart", this._dropStale, this);
    this._markers.remove();
    this._selected.remove();
    return SymbolTiles.prototype.onRemove.call(this, map);
  },

  /** Loads the same tiles under other filters. */
  setFilters(query) {
    if (query === this._filters) return;
    this._filters = query;
    this.redraw();
  },

  /** Marks a case at a place, or at the pin that is loaded for it. */
  select(caseId, place) {
    this._caseId = String(caseId);
    this._selected.clearLayers();
    const pin = place ?? this._find(this._caseId);
    if (!pin) return;
    const icon = L.divIcon({ className: "case-icon", html: pinIcon(pin.status, { late: pin.late, selected: true }), iconSize: [28, 32], iconAnchor: [14, 30] });
    this._selected.addLayer(L.marker(pin.latlng, { icon, pane: "selected", interactive: false, keyboard: false }));
  },

  createTile(coords, done) {
    const tile = document.createElement("div");
    const abort = new AbortController();
    const entry = { abort, coords, pins: [], areas: [], markers: [] };
    this._unload(coords);
    this._loaded.set(this._tileCoordsToKey(coords), entry);
    fetchTile(tileUrl(this.options.url, coords, this._filters), abort.signal).then(
      (layers) => {
        if (abort.signal.aborted) return;
        this._dropStale(this._tileCoordsToKey(coords));
        this._addCells(entry, coords, layers.cells ?? []);
        if (layers.pins || layers.areas) tile.append(this._paint(entry, coords, layers));
        if (this._caseId && !this._selected.getLayers().length) this.select(this._caseId);
        done(null, tile);
      },
      (error) => abort.signal.aborted || done(error, tile),
    );
    return tile;
  },

  /** The previous pins stay, and can be clicked, until the tile that replaces theirs has loaded. */
  redraw() {
    this._dropStale();
    const previous = this._loaded;
    for (const { abort } of previous.values()) abort.abort();
    this._loaded = new Map();
    SymbolTiles.prototype.redraw.call(this);
    this._stale = previous;
    return this;
  },

  /** Removes the previous pins: those of one tile, or all. */
  _dropStale(tileKey) {
    for (const key of typeof tileKey === "string" ? [tileKey] : [...this._stale.keys()]) {
      for (const marker of this._stale.get(key)?.markers ?? []) this._markers.removeLayer(marker);
      this._stale.delete(key);
    }
  },

  _unload(coords) {
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
    // what it says is on its card and on its handle
    const marker = L.marker(latlng, { icon, keyboard: false, bubblingMouseEvents: true });
    marker.case = { id: String(counts.case_id), status, late, latlng };
    return marker;
  },

  _cluster(latlng, counts) {
    const { html, size } = clusterIcon(counts, this.options.statuses);
    const title = translate(counts.late ? "clusterLate" : "cluster", counts);
    const marker = L.marker(latlng, { icon: L.divIcon({ className: "case-icon", html, iconSize: [size, size] }), keyboard: false, title });
    const press = () => this._map.setView(latlng, Math.min(this._map.getZoom() + 2, this._map.getMaxZoom()));
    marker.cluster = { latlng, name: title, press };
    marker.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      press();
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
      const { case_id: id, status, late } = area.properties;
      entry.areas.push({ type: area.type, rings: area.rings, case: { id: String(id), status, late } });
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
      const pin = pins.find(({ id }) => id === caseId) ?? markers.find((marker) => marker.case?.id === caseId)?.case;
      if (pin) return pin;
    }
    return null;
  },

  /**
   * The cases at a point of the screen: pins within reach of a press, the nearest first, and shapes that lie under it. Also those whose
   * pin was replaced between press and release.
   */
  casesAt(containerPoint) {
    const reached = new Map();
    const add = (pin, distance) => {
      if (distance < (reached.get(pin.id)?.distance ?? Infinity)) reached.set(pin.id, { pin, distance });
    };
    for (const { coords, pins, areas, markers } of [...this._stale.values(), ...this._loaded.values()]) {
      for (const pin of [...pins, ...markers.flatMap((marker) => marker.case ?? [])]) {
        const tip = this._map.latLngToContainerPoint(pin.latlng);
        const distance = Math.hypot(tip.x - containerPoint.x, tip.y - 16 - containerPoint.y);
        if (distance < CLICK_TOLERANCE) add(pin, distance);
      }
      const at = areas.length && this._inTile(coords, containerPoint);
      if (at) for (const area of areas) if (isHit(area, at)) add({ ...area.case, latlng: this._map.containerPointToLatLng(containerPoint) }, CLICK_TOLERANCE);
    }
    return [...reached.values()].sort((a, b) => a.distance - b.distance).map(({ pin }) => pin);
  },

  /** A point of the screen in pixels of a tile; null outside of it. */
  _inTile({ x, y, z }, containerPoint) {
    if (z !== Math.round(this._map.getZoom())) return null;
    const { x: width, y: height } = this.getTileSize();
    const at = this._map.project(this._map.containerPointToLatLng(containerPoint), z).subtract([x * width, y * height]);
    return at.x >= 0 && at.y >= 0 && at.x <= width && at.y <= height ? at : null;
  },

  /** The pins and the clusters that the map shows now. */
  inView() {
    if (!this._map) return { pins: [], clusters: [] }; // the map shows how dense cases lie
    const bounds = this._map.getBounds();
    const pins = new Map();
    const clusters = [];
    for (const entry of this._loaded.values()) {
      for (const pin of entry.pins) if (bounds.contains(pin.latlng)) pins.set(`${pin.id} ${pin.latlng}`, pin);
      for (const marker of entry.markers) {
        if (!bounds.contains(marker.getLatLng())) continue;
        if (marker.case) pins.set(marker.case.id, marker.case);
        else clusters.push(marker.cluster);
      }
    }
    return { pins: [...pins.values()], clusters };
  },

  /** A press by pointer: one case opens, several are listed; a finger reads the card first. */
  _onClick(event) {
    const cases = this.casesAt(event.containerPoint);
    if (cases.length) this.openAt(cases, event.originalEvent?.pointerType === "touch");
    else this._askGround?.(event.latlng);
  },

  _onHover(event) {
    const cases = this.casesAt(event.containerPoint);
    this._map.getContainer().classList.toggle("over-case", cases.length > 0);
    this._cards?.hover(cases);
  },

  /** Opens a case, or shows the card of several to choose from. */
  openAt(cases, cardFirst = false) {
    if (this._cards && (cases.length > 1 || cardFirst)) this._cards.show(cases, { stays: true });
    else this._open(cases[0]);
  },

  _open(pin) {
    this._cards?.leave();
    this.select(pin.id, pin);
    this.openCase(pin.id);
  },

  openCase(caseId) {
    const detail = { caseId };
    this._map.getContainer().dispatchEvent(new CustomEvent(CASE_OPEN, { detail, bubbles: true }));
  },

  /** Lets pins and shapes say what they are, and the ground what the layers have there. */
  nameWith(cards, askGround) {
    this._cards = cards;
    this._askGround = askGround;
    const handles = new PinHandles(this._map, { inView: () => this.inView(), open: (cases) => this.openAt(cases), cards });
    this.on("load", () => handles.soon());
    this._map.on("mouseout", () => cards.hover([]));
  },
});

/** Adds the cases and keeps them in step with the page: with the filter of its list, its selected row and the case of its drawer. */
export function caseTiles(map, options) {
  const { query, mapQuery } = document.getElementById("pane").dataset;
  keepView(map, query);
  wireLasso(map, query);
  wireMeasuring(map);
  wireGround(map);
  wireComparison(map);
  wireCasePlace(map);
  wirePrint(map);
  wireToolMenu(map);
  const layer = new CaseTiles({ ...options, filters: mapQuery }).addTo(map);
  document.addEventListener(CASES_FILTERED, (event) => layer.setFilters(event.detail.query));
  document.addEventListener(CASE_SELECTED, ({ detail }) => {
    const place = detail.lat && { latlng: L.latLng(detail.lat, detail.lon), status: detail.status ?? "new", late: Boolean(detail.late) };
    layer.select(detail.caseId, place || undefined);
  });
  const card = new MapCard(map);
  layer.nameWith(new CaseCards(card, (caseId) => layer.openCase(caseId)), wireGroundCard(map, card));
  wireDensity(map, layer, mapQuery);
  return layer;
}
