// The schematic base map (模式図): an archive of vector tiles of the three cities, painted on canvas tiles, quiet beneath every case.
import { PMTiles } from "pmtiles";
import { leafletLayer } from "protomaps-leaflet";
import { BACKGROUND, labelRules, paintRules } from "./schematic-style.js";

const MAX_DATA_ZOOM = 15;

const RETRY_MS = 3000;

/** The archive over HTTP. What does not arrive is asked for again: a line comes back, and on the way to another page nobody waits for it. */
class BaseArchive extends PMTiles {
  async getZxy(z, x, y, signal) {
    for (;;) {
      try {
        return await super.getZxy(z, x, y, signal);
      } catch (error) {
        if (signal?.aborted) throw new DOMException("not needed any more", "AbortError");
        if (!(error instanceof TypeError)) throw error; // TypeError: the network failed, or the page is being left
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

/** @param {{url: string, city?: string}} options */
export function schematicBase(map, { url, city }) {
  const key = getComputedStyle(document.documentElement).getPropertyValue("--key").trim();
  const layer = leafletLayer({
    url: new BaseArchive(url),
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
