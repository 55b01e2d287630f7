// Features on the map of an editor as Leaflet layers, and back as GeoJSON with all their decimals.
import L from "leaflet";

export const DOT = () => L.divIcon({ className: "vertex vertex--point", iconSize: [30, 30] });

/** @param {object} feature GeoJSON with `id` and `properties.mark` @returns {L.Layer} one layer, also for several parts */
export function layerOf(feature) {
  const options = { className: "edit-shape", pane: "drawing" };
  const whole = L.geoJSON(feature, { style: () => options, pointToLayer: (_, latlng) => L.marker(latlng, { icon: DOT(), keyboard: false }) });
  return whole.getLayers()[0];
}

/** Every layer of which Leaflet-Geoman can change the shape: the layer itself, or each point of several. */
export const partsOf = (layer) => (layer instanceof L.LayerGroup ? layer.getLayers() : [layer]);

export function geometryOf(layer) {
  if (!(layer instanceof L.LayerGroup)) return layer.toGeoJSON(false).geometry;
  return { type: "MultiPoint", coordinates: layer.getLayers().map((point) => point.toGeoJSON(false).geometry.coordinates) };
}

/** The elements that a layer is drawn with. */
export const elementsOf = (layer) => partsOf(layer).map((part) => part.getElement?.()).filter(Boolean);

/** The rings or lines of a layer as arrays of positions that can be changed in place; of points one array for each. */
export function runsOf(layer) {
  if (!layer.getLatLngs) return partsOf(layer).map((point) => [point.getLatLng()]);
  const flatten = (part) => (Array.isArray(part[0]) ? part.flatMap(flatten) : [part]);
  return flatten(layer.getLatLngs());
}
