// Layers laid over the base from vector tiles, each with its switch in the panel of the frame.
import { LAYER_STYLED } from "../events.js";
import { FONTS } from "./fonts.js";
import { frameOf } from "./frame.js";
import { panelOf } from "./layer-panel.js";
import { classColour } from "./layer-style.js";
import { nameSpot } from "./name-spots.js";
import { SymbolTiles, fetchTile, tileUrl, tileCanvas, traceRings } from "./tiles.js";

const LETTERS = `12px ${FONTS}`;

const OverlayTiles = SymbolTiles.extend({
  createTile(coords, done) {
    const tile = document.createElement("div");
    const { url, version, key } = this.options;
    fetchTile(tileUrl(url, coords, version ? `v=${encodeURIComponent(version)}` : "")).then(
      (layers) => {
        tile.append(this._draw(layers[key] ?? Object.values(layers)[0] ?? []));
        done(null, tile);
      },
      (error) => done(error, tile),
    );
    return tile;
  },

  _draw(features) {
    const { canvas, context } = tileCanvas(0);
    const style = this.options.style ?? {};
    const { width = 2, dash, opacity = 0.2, label } = style;
    context.lineJoin = context.lineCap = "round";
    context.setLineDash(dash ? String(dash).split(/[ ,]+/).map(Number) : []);
    const names = [];
    for (const feature of features) {
      const colour = classColour(style, feature.properties);
      if (colour === null) continue;
      const fill = colour && feature.type === 3 ? colour : style.fill;
      const stroke = colour && feature.type !== 3 ? colour : style.stroke;
      traceRings(context, feature);
      if (feature.type === 3 && fill) {
        context.globalAlpha = opacity;
        context.fillStyle = fill;
        context.fill("evenodd");
      }
      context.globalAlpha = feature.type === 2 ? Math.max(opacity, 0.55) : 1;
      context.strokeStyle = context.fillStyle = stroke ?? fill ?? "#555";
      context.lineWidth = width;
      if (feature.type === 1) this._dot(context, feature.rings[0][0]);
      else if (stroke) context.stroke();
      context.globalAlpha = 1;
      const text = label ? feature.properties[label] : undefined;
      if (text === undefined || text === "") continue;
      if (feature.type === 1) this._label(context, feature.rings[0][0], String(text));
      else names.push([feature, String(text), stroke ?? fill ?? "#555"]);
    }
    // over all areas, so that none lies over the name of its neighbour
    for (const name of names) this._name(context, ...name);
    return canvas;
  },

  _dot(context, { x, y }) {
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fill();
  },

  _label(context, { x, y }, text) {
    context.font = LETTERS;
    this._write(context, text, x + 7, y + 4);
  },

  /** The name of an area or a line, where it has room. */
  _name(context, feature, text, colour) {
    context.font = LETTERS;
    const width = context.measureText(text).width;
    const spot = nameSpot(feature, width + 4, 14);
    if (!spot) return;
    context.fillStyle = colour;
    this._write(context, text, spot.x - width / 2, spot.y + 4);
  },

  _write(context, text, x, y) {
    context.setLineDash([]);
    context.lineWidth = 3;
    context.strokeStyle = "rgb(255 255 255 / .92)";
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  },
});

const PANE_OF = { polygon: "hazard", line: "routes", point: "zones" };

/** @param {{key: string, url: string, kind: string, style: object, shown: boolean, opacity?: number, version?: string, zIndex?: number}} options */
export function overlayTiles(map, options) {
  const panel = panelOf(map);
  // where the clerk decides what lies over what, all share a pane
  const pane = panel || options.zIndex ? "zones" : (PANE_OF[options.kind] ?? "zones");
  const layer = new OverlayTiles({ ...options, ...zooms(options.style), pane });
  if (panel) panel.follow(options.key, layer);
  else followControl(map, layer, options);
  document.addEventListener(LAYER_STYLED, ({ detail }) => {
    if (detail.key !== options.key) return;
    Object.assign(layer.options, { style: detail.style }, zooms(detail.style));
    if (map.hasLayer(layer)) layer.remove().addTo(map);
  });
  return layer;
}

function followControl(map, layer, options) {
  const page = map.getContainer().closest("[data-map-page]") ?? frameOf(map);
  const control = page.querySelector(`[data-layer="${CSS.escape(options.key)}"], [name="layers"][value="${CSS.escape(options.key)}"]`);
  if (control ? control.checked : options.shown) layer.addTo(map);
  control?.addEventListener("change", () => (control.checked ? layer.addTo(map) : layer.remove()));
}

/** The zooms at which a layer is drawn, in Leaflet's words; without limits it always is. */
const zooms = (style) => ({ minZoom: style?.min_zoom ?? 0, maxZoom: style?.max_zoom ?? 22 });
