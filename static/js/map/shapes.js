// Places that are shown, not drawn: an application's area, its area before a correction, conflicting permits, and the overlap.
import L from "leaflet";
import { labelAngle } from "./measure.js";

/** Class and pane by the role a shape plays. */
const ROLES = {
  place: { className: "drawn-shape", pane: "drawing" },
  permit: { className: "conflict-shape", pane: "conflict" },
  conflict: { className: "conflict-shape", pane: "conflict" },
  former: { className: "former-shape", pane: "conflict" },
  photo: { className: "photo-spot", pane: "selected" },
  overlap: { className: "overlap-shape", pane: "overlap" },
};

/** A camera, as small as a letter. */
const PHOTO = '<svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true"><path d="M4 7h3l1.5-2h5L15 7h3v9H4z" fill="#fff"/><circle cx="11" cy="11.2" r="2.6" fill="currentColor"/></svg>';

function label(latlng, text, degrees) {
  const span = document.createElement("span");
  span.textContent = text;
  span.style.rotate = `${degrees.toFixed(1)}deg`;
  return L.marker(latlng, { icon: L.divIcon({ className: "map-label", html: span, iconSize: [0, 0] }), interactive: false, keyboard: false, pane: "conflict" });
}

/** A photo that opens where it is looked at, in the list that is open now. */
function photoLink(title, path) {
  const address = new URL(path, location.href);
  for (const [name, value] of new URLSearchParams(location.search)) if (!address.searchParams.has(name)) address.searchParams.set(name, value);
  const link = document.createElement("a");
  Object.assign(link, { href: address.href, title, innerHTML: PHOTO });
  link.setAttribute("aria-label", title);
  L.DomEvent.disableClickPropagation(link);
  return link;
}

/** @param {{geojson: object, role?: string, title?: string, fit?: boolean, closest?: number}} options `closest`: how near the view may come */
export function showGeometry(map, { geojson, role = "place", title, fit = false, closest = 19 }) {
  const { className, pane } = ROLES[role] ?? ROLES.place;
  const isPhoto = role === "photo";
  const path = isPhoto && geojson.properties?.address;
  const dot = L.divIcon(isPhoto ? { className, html: path ? photoLink(title, path) : PHOTO, iconSize: [26, 26] } : { className: "vertex vertex--point", iconSize: [44, 44] });
  const layer = L.geoJSON(geojson, {
    pane,
    interactive: false,
    style: () => ({ className, pane }),
    pointToLayer: (_, latlng) => L.marker(latlng, { icon: dot, interactive: false, keyboard: false, ...(isPhoto && { pane, title }) }),
  }).addTo(map);
  const bounds = layer.getBounds();
  if (title && !isPhoto && bounds.isValid()) {
    const ring = geojson.geometry?.type === "Polygon" ? geojson.geometry.coordinates[0] : [];
    const corners = ring.map(([lon, lat]) => map.project([lat, lon]));
    layer.addLayer(label(bounds.getCenter(), title, labelAngle(corners)));
  }
  if (fit && bounds.isValid()) {
    // a point says where it is only with streets around it
    const maxZoom = bounds.getSouthWest().equals(bounds.getNorthEast()) ? 16 : closest;
    map.fitBounds(bounds, { padding: [24, 24], maxZoom, animate: false });
  }
  return layer;
}

/** Shows places to go to: a FeatureCollection of points whose features carry `number` and `title`, and behind them perhaps a line along them. The words stand beside the map. */
export function showStops(map, collection) {
  const group = L.featureGroup().addTo(map);
  for (const { geometry, properties } of collection.features) {
    if (geometry.type === "LineString") {
      // the way on foot from one to the next lies under them
      group.addLayer(L.polyline(geometry.coordinates.map(([lon, lat]) => [lat, lon]), { className: "stop-route", pane: "conflict", interactive: false }));
      continue;
    }
    const [lon, lat] = geometry.coordinates;
    const icon = L.divIcon({ className: "map-stop", html: String(Number(properties.number)), iconSize: [34, 34] });
    group.addLayer(L.marker([lat, lon], { icon, title: properties.title, interactive: false, keyboard: false }));
  }
  map.fitBounds(group.getBounds(), { padding: [36, 36], maxZoom: 16, animate: false });
  return group;
}

/** Shows the conflicts of a live response: a FeatureCollection whose features carry `role` and `title`. */
export function showConflicts(map, collection) {
  const group = L.layerGroup().addTo(map);
  for (const feature of collection.features ?? []) {
    const { role = "permit", title } = feature.properties ?? {};
    group.addLayer(showGeometry(map, { geojson: feature, role, title }));
  }
  return group;
}
