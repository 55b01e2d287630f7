// The schematic base map (模式図): an archive of vector tiles of the three cities, painted on canvas tiles, quiet beneath every case.
import { leafletLayer } from "protomaps-leaflet";
import { BACKGROUND, labelRules, paintRules } from "./schematic-style.js";

const MAX_DATA_ZOOM = 15;

/** @param {{url: string, city?: string}} options */
export function schematicBase(map, { url, city }) {
  const key = getComputedStyle(document.documentElement).getPropertyValue("--key").trim();
  const layer = leafletLayer({
    url,
    pane: "base",
    lang: "ja",
    attribution: "",
    noWrap: true,
    maxDataZoom: MAX_DATA_ZOOM,
    maxZoom: map.getMaxZoom(),
    backgroundColor: BACKGROUND,
    paintRules: paintRules({ city, key }),
    labelRules: labelRules(),
  });
  layer.addTo(map);
  layer.getContainer().setAttribute("aria-hidden", "true");
  // letters are measured and drawn wrongly until their part of the font is there
  document.fonts?.addEventListener("loadingdone", () => {
    layer.clearLayout();
    layer.rerenderTiles();
  });
  return layer;
}
