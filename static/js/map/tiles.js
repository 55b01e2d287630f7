// Vector tiles: fetched once each (the browser revalidates them by ETag), decoded into plain features.
import { VectorTile } from "@mapbox/vector-tile";
import L from "leaflet";
import { PbfReader } from "pbf";

/**
 * Tiles that hold labels and symbols. Tiles of another zoom go at once, instead of staying enlarged until all others have loaded. Leaflet has
 * no option for that: GridLayer keeps them through `_retainParent` and `_retainChildren`, which are replaced here (Leaflet 1.9.4).
 */
export const SymbolTiles = L.GridLayer.extend({
  options: { tileSize: 256, maxNativeZoom: 22, updateWhenZooming: false, keepBuffer: 1 },
  _retainParent: () => false,
  _retainChildren: () => {},
});

/** `/x/{z}/{x}/{y}.mvt` for a tile, with the page's filters as its query. */
export function tileUrl(template, { z, x, y }, filters = "") {
  const path = template.replace("{z}", z).replace("{x}", x).replace("{y}", y);
  return filters ? `${path}${path.includes("?") ? "&" : "?"}${filters}` : path;
}

/**
 * Features of a tile by layer; coordinates in pixels of the tile.
 * @returns {Record<string, {id: number|undefined, properties: object, type: number, rings: {x: number, y: number}[][]}[]>}
 */
export function decode(bytes, size = 256) {
  const tile = new VectorTile(new PbfReader(bytes));
  return Object.fromEntries(
    Object.entries(tile.layers).map(([name, layer]) => [
      name,
      Array.from({ length: layer.length }, (_, index) => {
        const feature = layer.feature(index);
        const scale = size / feature.extent;
        const rings = feature.loadGeometry().map((ring) => ring.map(({ x, y }) => ({ x: x * scale, y: y * scale })));
        return { id: feature.id, properties: feature.properties, type: feature.type, rings };
      }),
    ]),
  );
}

/** @returns {Promise<ReturnType<typeof decode>>} nothing for an empty tile (204) */
export async function fetchTile(url, signal) {
  const response = await fetch(url, { signal, credentials: "same-origin", cache: "no-cache" });
  if (response.status === 204) return {};
  if (!response.ok) throw new Error(`tile ${response.status}`);
  return decode(new Uint8Array(await response.arrayBuffer()));
}

/** A canvas for one tile with room around it, so that symbols at the edge are not cut off. */
export function tileCanvas(margin) {
  const size = 256 + 2 * margin;
  const pixelRatio = Math.min(window.devicePixelRatio || 1, 2);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * pixelRatio;
  canvas.style.width = canvas.style.height = `${size}px`;
  canvas.style.margin = `-${margin}px`;
  canvas.style.pointerEvents = "none";
  const context = canvas.getContext("2d");
  context.scale(pixelRatio, pixelRatio);
  context.translate(margin, margin);
  return { canvas, context };
}

/** Adds the rings of a feature to the current path. */
export function traceRings(context, { rings, type }) {
  context.beginPath();
  for (const ring of rings) {
    ring.forEach(({ x, y }, index) => context[index ? "lineTo" : "moveTo"](x, y));
    if (type === 3) context.closePath();
  }
}
