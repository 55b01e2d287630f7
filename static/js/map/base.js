// The ground a map stands on: the schematic base, or raster tiles when the city has set an address for them.
import L from "leaflet";
import { frameOf } from "./frame.js";
import { overlayTiles } from "./overlays.js";
import { schematicBase as schematic } from "./schematic.js";

const say = (map, attribution) => {
  const place = frameOf(map).querySelector("[data-map-attribution]");
  if (place && attribution) place.textContent = attribution;
};

/** @param {{url: string, city?: string, attribution?: string}} options */
export function schematicBase(map, options) {
  say(map, options.attribution ?? "模式図");
  return schematic(map, options);
}

/** @param {{url: string, attribution: string, maxZoom?: number}} options */
export function tileBase(map, { url, attribution, maxZoom = 18 }) {
  say(map, attribution);
  return L.tileLayer(url, { pane: "base", maxNativeZoom: maxZoom, maxZoom: 22 }).addTo(map);
}

/** No ground: the map says so, and shows what layers the city has. */
export function plainBase(map, { attribution, layers = [] }) {
  say(map, attribution);
  for (const layer of layers) overlayTiles(map, layer);
}

/** The base that the page's data ask for. */
export function addBase(map, base) {
  if (!base.tiles && !base.url) return plainBase(map, base);
  return base.tiles ? tileBase(map, { url: base.tiles, attribution: base.attribution, maxZoom: base.tilesMaxZoom }) : schematicBase(map, base);
}
