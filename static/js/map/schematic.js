// The schematic base map (模式図): an archive of vector tiles of the three cities, painted on canvas tiles, quiet beneath every case.
import { FetchSource, PMTiles } from "pmtiles";
import { leafletLayer } from "protomaps-leaflet";
import { BACKGROUND, labelRules, paintRules } from "./schematic-style.js";

const MAX_DATA_ZOOM = 15;

/** The archive over HTTP. Without the base, drawing still works: what does not arrive, as on the way to another page, is not an error. */
class BaseArchive extends FetchSource {
  async getBytes(...range) {
    try {
      return await super.getBytes(...range);
    } catch (error) {
      throw new DOMException(String(error), "AbortError");
    }
  }
}

/** @param {{url: string, city?: string}} options */
export function schematicBase(map, { url, city }) {
  const key = getComputedStyle(document.documentElement).getPropertyValue("--key").trim();
  const layer = leafletLayer({
    url: new PMTiles(new BaseArchive(url)),
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
