// A case beside the permit in its way, on the large map: own area blue, the other's orange, what they share red.
import L from "leaflet";
import { showConflicts, showGeometry } from "./shapes.js";

export function wireComparing(map) {
  const shown = L.layerGroup().addTo(map);
  document.addEventListener("case:compare", ({ detail }) => {
    shown.clearLayers();
    const own = detail.features.filter((feature) => feature.properties.role === "place");
    const place = showGeometry(map, { geojson: { type: "FeatureCollection", features: own } });
    shown.addLayer(place);
    shown.addLayer(showConflicts(map, { features: detail.features.filter((feature) => !own.includes(feature)) }));
    map.following = true;
    map.fitBounds(place.getBounds(), { maxZoom: 20, padding: [80, 80], animate: false });
  });
  document.addEventListener("case:chosen", () => shown.clearLayers());
}
