// A case beside the permit in its way, on the large map: own area blue, the other's orange, what they share red.
import L from "leaflet";
import { showConflicts, showGeometry } from "./shapes.js";

/** How much of the map's right side lies under the drawer. */
function covered() {
  const drawer = document.getElementById("drawer");
  return innerWidth >= 768 && getComputedStyle(drawer).position === "absolute" ? drawer.offsetWidth : 0;
}

export function wireComparing(map) {
  const shown = L.layerGroup().addTo(map);
  document.addEventListener("case:compare", ({ detail }) => {
    shown.clearLayers();
    const own = detail.features.filter((feature) => feature.properties.role === "place");
    const place = showGeometry(map, { geojson: { type: "FeatureCollection", features: own } });
    shown.addLayer(place);
    shown.addLayer(showConflicts(map, { features: detail.features.filter((feature) => !own.includes(feature)) }));
    // on a phone the map has just come to be seen
    map.invalidateSize({ pan: false });
    map.following = true;
    map.fitBounds(place.getBounds(), { maxZoom: 21, paddingTopLeft: [60, 120], paddingBottomRight: [60 + covered(), 120], animate: false });
  });
  document.addEventListener("case:chosen", () => shown.clearLayers());
}
