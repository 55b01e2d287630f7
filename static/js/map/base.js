// The base of a map: the schematic base, or raster tiles when the city has set a URL for them.
import L from "leaflet";
import { frameOf } from "./frame.js";
import { overlayTiles } from "./overlays.js";
import { schematicBase as schematic } from "./schematic.js";

function setAttribution(map, attribution, url = "") {
  const element = frameOf(map).querySelector("[data-map-attribution]");
  if (!element || !attribution) return;
  element.textContent = url ? "" : attribution;
  if (url) element.append(Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener", textContent: attribution }));
}

/** @param {{url: string, city?: string, attribution?: string}} options */
export function schematicBase(map, options) {
  setAttribution(map, options.attribution ?? "模式図");
  return schematic(map, options);
}

/** @param {{url: string, attribution: string, attributionUrl?: string, maxZoom?: number}} options */
export function tileBase(map, { url, attribution, attributionUrl, maxZoom = 18 }) {
  setAttribution(map, attribution, attributionUrl);
  return L.tileLayer(url, { pane: "base", maxNativeZoom: maxZoom, maxZoom: 22 }).addTo(map);
}

/** No base: the attribution says so, and the city's own layers are shown. */
export function plainBase(map, { attribution, layers = [] }) {
  setAttribution(map, attribution);
  for (const layer of layers) overlayTiles(map, layer);
}

/** Adds the base that the data of the page name. */
export function addBase(map, base) {
  if (!base.tiles && !base.url) return plainBase(map, base);
  return base.tiles ? tileBase(map, { url: base.tiles, attribution: base.attribution, maxZoom: base.tilesMaxZoom }) : schematicBase(map, base);
}
