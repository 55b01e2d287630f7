// The schematic base map (模式図): one GeoJSON of the three cities, painted on a canvas, quiet beneath every case.
import L from "leaflet";
import { LABELS, STYLES, lineScale } from "./schematic-style.js";

const MIN_LINE_WIDTH = 0.6;
const OUTSIDE_OPACITY = 0.62;

/** Longitude and latitude to the unit square of Web Mercator. */
function toUnit([lon, lat]) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** A feature made ready to paint: flat unit coordinates of each ring or line, and its bounds. */
export function prepareFeature({ geometry, properties }) {
  const { type, coordinates } = geometry;
  const nested = { Point: [[coordinates]], MultiPoint: [coordinates], LineString: [coordinates], MultiPolygon: type === "MultiPolygon" && coordinates.flat() }[type] || coordinates;
  const parts = nested.map((points) => points.map(toUnit));
  const xs = parts.flat().map(([x]) => x);
  const ys = parts.flat().map(([, y]) => y);
  return {
    ...properties,
    filled: type.endsWith("Polygon"),
    parts,
    bounds: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
    at: properties.label ? toUnit(properties.label) : type === "Point" ? parts[0][0] : null,
  };
}

/**
 * A layer on a canvas larger than the view. L.Renderer keeps that canvas in place while the map moves and zooms, but has no public interface
 * for renderers of one's own: it calls `_initContainer`, `_destroyContainer`, `_updatePaths` and `_update`, and keeps `_container` and
 * `_bounds` (Leaflet 1.9.4). `_map._animatingZoom` says that the canvas is being scaled and must not be painted now.
 */
const Schematic = L.Renderer.extend({
  options: { padding: 0.25, pane: "base" },

  initialize(options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._features = [];
  },

  /** @param {{features: object[]}} collection */
  setData(collection) {
    this._features = collection.features.map(prepareFeature);
    if (this._map) this._update();
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._context = this._container.getContext("2d");
    this._key = getComputedStyle(document.documentElement).getPropertyValue("--key").trim();
    // letters are measured wrongly until the font is there
    document.fonts?.ready.then(() => this._map && this._update());
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
    delete this._context;
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const pixelRatio = Math.min(window.devicePixelRatio || 1, 2);
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    canvas.width = size.x * pixelRatio;
    canvas.height = size.y * pixelRatio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    this._context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    this._paint(size);
    this.fire("update");
  },

  _paint(size) {
    const map = this._map;
    const zoom = map.getZoom();
    const world = 256 * 2 ** zoom;
    const corner = map.getPixelOrigin().add(this._bounds.min);
    const metre = world / (40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180));
    const view = { context: this._context, zoom, metre, key: this._key, city: this.options.city, x: (u) => u * world - corner.x, y: (v) => v * world - corner.y };
    this._context.fillStyle = "#eceae4";
    this._context.fillRect(0, 0, size.x, size.y);
    const [left, top, right, bottom] = [corner.x / world, corner.y / world, (corner.x + size.x) / world, (corner.y + size.y) / world];
    const visible = this._features.filter(({ min_zoom: from = 0, max_zoom: to = 99, bounds: b }) => zoom >= from && zoom < to + 1 && b[0] <= right && b[2] >= left && b[1] <= bottom && b[3] >= top);
    paintShapes(view, visible);
    paintLabels(view, visible);
  },
});

function trace({ context, x, y }, { parts, filled }) {
  context.beginPath();
  for (const points of parts) {
    points.forEach(([u, v], index) => context[index ? "lineTo" : "moveTo"](x(u), y(v)));
    if (filled) context.closePath();
  }
}

function stroke(view, feature, { stroke: colour, width, dash = [], opacity = 1 }) {
  const { context } = view;
  trace(view, feature);
  context.globalAlpha = opacity;
  context.strokeStyle = colour === "key" ? view.key : colour;
  context.lineWidth = width;
  context.lineCap = dash.length ? "butt" : "round";
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function fill(view, feature, colour, opacity = 1) {
  trace(view, feature);
  view.context.globalAlpha = opacity;
  view.context.fillStyle = colour;
  view.context.fill("evenodd");
  view.context.globalAlpha = 1;
}

/** A line is as wide as its style says, or as the street really is when that is more. */
const lineWidth = (view, feature, style) => Math.max(MIN_LINE_WIDTH, style.width * lineScale(view.zoom), (feature.width_m ?? 0) * view.metre);

const casing = (view, feature, style) => stroke(view, feature, { stroke: style.casing, width: lineWidth(view, feature, style) + 2 });
const line = (view, feature, style) => stroke(view, feature, { ...style, width: lineWidth(view, feature, style) });

function dots({ context, x, y, metre }, { parts }, style) {
  context.fillStyle = style.fill;
  for (const [u, v] of parts.flat()) {
    context.beginPath();
    context.arc(x(u), y(v), Math.max(2, style.radius_m * metre), 0, 2 * Math.PI);
    context.fill();
  }
}

function paintFeature(view, feature) {
  const own = STYLES[feature.kind];
  if (!own) return;
  const style = feature.site ? { ...own, ...own.site } : own;
  if (style.radius_m) dots(view, feature, style);
  else if (feature.filled) {
    if (style.fill) fill(view, feature, style.fill);
    if (style.stroke) stroke(view, feature, style);
  } else if (style.stroke && !LABELS[feature.kind]?.mark) {
    if (style.casing) casing(view, feature, style);
    line(view, feature, style);
  }
}

const isRoad = ({ kind }) => kind === "road-minor" || kind === "road-major";

function paintShapes(view, features) {
  const roads = features.filter(isRoad);
  const first = features.findIndex(isRoad);
  const ground = first < 0 ? features : features.slice(0, first);
  for (const feature of ground) paintFeature(view, feature);
  // all rims before all roads, so that crossings stay open
  for (const road of roads) casing(view, road, STYLES[road.kind]);
  for (const road of roads) line(view, road, STYLES[road.kind]);
  if (first >= 0) for (const feature of features.slice(first)) if (!isRoad(feature)) paintFeature(view, feature);
  paintBoundary(view, features.filter(({ kind }) => kind === "city"));
}

/** Other cities are faded; the city's own boundary is dashed in its key colour. */
function paintBoundary(view, cities) {
  for (const city of cities) {
    if (view.city && city.city !== view.city) fill(view, city, STYLES.outside.fill, OUTSIDE_OPACITY);
  }
  for (const city of cities) {
    if (!view.city || city.city === view.city) stroke(view, city, STYLES.city.border);
  }
}

function paintLabels(view, features) {
  const { context } = view;
  const occupied = [];
  const labelled = features.filter(({ kind, name, at }) => at && name && LABELS[kind]);
  labelled.sort((a, b) => LABELS[a.kind].order - LABELS[b.kind].order || (a.rank ?? 9) - (b.rank ?? 9));
  context.lineJoin = "round";
  context.textBaseline = "middle";
  for (const feature of labelled) {
    const style = LABELS[feature.kind];
    const px = style.size(feature, view.zoom);
    if (!px) continue;
    const look = feature.site ? STYLES[feature.kind].site : STYLES[feature.kind];
    context.font = `${look.bold || feature.rank === 1 || feature.site ? 700 : 400} ${px}px "Noto Sans JP Variable", "Noto Sans JP", "Noto Sans CJK JP", sans-serif`;
    context.letterSpacing = style.spacing ?? "0px";
    context.textAlign = style.align ?? "center";
    const [x, y] = [view.x(feature.at[0]), view.y(feature.at[1])];
    const width = context.measureText(feature.name).width;
    const left = context.textAlign === "left" ? x + 10 : x - width / 2;
    const box = [left - 4, y - px * 0.8, left + width + 4, y + px * 0.8];
    if (occupied.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    occupied.push(box);
    if (style.mark) paintMark(context, x, y, style.mark);
    context.save();
    context.translate(context.textAlign === "left" ? x + 10 : x, y);
    if (feature.angle) context.rotate((feature.angle * Math.PI) / 180);
    context.lineWidth = 3;
    context.strokeStyle = style.halo ?? "rgb(255 255 255 / .92)";
    context.strokeText(feature.name, 0, 0);
    context.fillStyle = look.label;
    context.fillText(feature.name, 0, 0);
    context.restore();
  }
  context.letterSpacing = "0px";
}

function paintMark(context, x, y, mark) {
  context.beginPath();
  if (mark === "station") context.roundRect(x - 7, y - 4, 14, 8, 3);
  else context.arc(x, y, 3, 0, 2 * Math.PI);
  context.fillStyle = mark === "station" ? "#fff" : "#8d887e";
  context.fill();
  if (mark !== "station") return;
  context.lineWidth = 2;
  context.strokeStyle = "#4a4742";
  context.stroke();
}

/** @param {{url: string, city?: string}} options */
export function schematicBase(map, { url, city }) {
  const layer = new Schematic({ city }).addTo(map);
  fetch(url)
    .then((response) => response.json())
    .then((collection) => layer.setData(collection))
    .catch(() => {}); // without the base the drawing still works
  return layer;
}
