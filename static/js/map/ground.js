// Where the list looks, when it was not drawn by hand: the feature of a layer, or the metres around something.
import L from "leaflet";
import { CASES_FILTERED } from "../events.js";

/** Shows the ground that the list of the page names, and goes there when none of it is in view. */
export function wireGround(map) {
  const shown = L.layerGroup().addTo(map);
  let last = "";
  const show = () => {
    const text = document.getElementById("pane").dataset.ground ?? "";
    if (text === last) return;
    last = text;
    shown.clearLayers();
    if (!text) return;
    const style = { className: "lasso lasso--chosen", pane: "boundary" };
    const dot = (_, latlng) => L.circleMarker(latlng, { ...style, radius: 9, interactive: false });
    const ground = L.geoJSON(JSON.parse(text), { style: () => style, pointToLayer: dot, interactive: false });
    shown.addLayer(ground);
    const bounds = ground.getBounds();
    if (!map.getBounds().intersects(bounds)) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 17, animate: false });
  };
  show();
  document.addEventListener(CASES_FILTERED, show);
}
