// The desk's map stays where it was when the page is asked anew, unless an address names bounds.
import L from "leaflet";

const KEY = "desk-map-view";

/** "west,south,east,north" as Leaflet bounds; null when it is no such thing. */
export function boundsOf(text) {
  const numbers = (text ?? "").split(",").map(Number);
  if (numbers.length !== 4 || numbers.some((number) => !Number.isFinite(number)) || !text) return null;
  const [west, south, east, north] = numbers;
  return [[south, west], [north, east]];
}

export function keepView(map, query) {
  const bounds = boundsOf(new URLSearchParams(query).get("bbox"));
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  if (bounds) {
    map.fitBounds(bounds, { animate: false });
    L.rectangle(bounds, { className: "chosen-bounds", pane: "boundary", interactive: false, fill: false }).addTo(map);
  } else if (kept) {
    map.setView(kept.center, kept.zoom, { animate: false });
  }
  map.on("moveend", () => sessionStorage.setItem(KEY, JSON.stringify({ center: map.getCenter(), zoom: map.getZoom() })));
}
