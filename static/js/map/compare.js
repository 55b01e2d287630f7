// A case and the permits it conflicts with, on the large map: its own area blue, theirs orange, the overlap red.
import L from "leaflet";
import { CASE_COMPARE, CASE_SELECTED } from "../events.js";
import { coveredWidth } from "./case-place.js";
import { showConflicts, showGeometry } from "./shapes.js";

export function wireComparison(map) {
  const shown = L.layerGroup().addTo(map);
  document.addEventListener(CASE_COMPARE, ({ detail }) => {
    shown.clearLayers();
    const own = detail.features.filter((feature) => feature.properties.role === "place");
    const place = showGeometry(map, { geojson: { type: "FeatureCollection", features: own } });
    shown.addLayer(place);
    shown.addLayer(showConflicts(map, { features: detail.features.filter((feature) => !own.includes(feature)) }));
    // on a phone the map has only just become visible
    map.invalidateSize({ pan: false });
    map.following = true;
    map.fitBounds(place.getBounds(), { maxZoom: 21, paddingTopLeft: [60, 120], paddingBottomRight: [60 + coveredWidth(), 120], animate: false });
  });
  document.addEventListener(CASE_SELECTED, () => shown.clearLayers());
}
