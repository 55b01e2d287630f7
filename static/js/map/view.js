// The desk's map keeps its view when the page is loaded again; a URL with a view or with bounds sets it. The list follows the view.
import L from "leaflet";
import { MAP_MOVED } from "../events.js";
import { frameOf } from "./frame.js";

const STORAGE_KEY = "desk-map-view";
const SETTLE_TIME = 250; // milliseconds after the last step of a wheel

/** "west,south,east,north" as Leaflet bounds; null for any other text. */
export function parseBounds(text) {
  const numbers = (text ?? "").split(",").map(Number);
  if (numbers.length !== 4 || numbers.some((number) => !Number.isFinite(number)) || !text) return null;
  const [west, south, east, north] = numbers;
  return [[south, west], [north, east]];
}

/** "zoom/lat/lon" as a view; null for any other text. */
export function parseView(text) {
  const [zoom, lat, lon, ...more] = (text ?? "").split("/").map(Number);
  if (!text || more.length || ![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 90 || Math.abs(lon) > 180) return null;
  return { center: [lat, lon], zoom };
}

/** Where the map looks, as a link carries it. */
export function formatView(map) {
  const { lat, lng } = map.getCenter();
  return `${Number(map.getZoom().toFixed(2))}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
}

/** What the map shows, in hundred-thousandths of a degree (a metre), as the list's URL carries it. */
const formatBounds = (map) => map.getBounds().toBBoxString().split(",").map((degrees) => Number(degrees).toFixed(5)).join(",");

/** The last view of the map in this window. */
function savedView() {
  return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null");
}

export function keepView(map, query) {
  const frame = frameOf(map);
  const requested = new URLSearchParams(query).get("bbox");
  const saved = savedView();
  const linked = parseView(new URLSearchParams(location.search).get("at"));
  if (linked) map.setView(linked.center, linked.zoom, { animate: false });
  else if (parseBounds(requested) && saved?.bbox !== requested) map.fitBounds(L.latLngBounds(parseBounds(requested)).pad(-0.02), { animate: false });
  else if (saved) map.setView(saved.center, saved.zoom, { animate: false });
  const save = () => {
    frame.dataset.bbox = formatBounds(map);
    frame.dataset.at = formatView(map);
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ center: map.getCenter(), zoom: map.getZoom(), bbox: frame.dataset.bbox }));
  };
  // behind the list of a phone the map has no size; it takes one when it is looked at, by its link or by the address of the page
  new ResizeObserver(([{ contentRect }]) => contentRect.width && map.invalidateSize({ animate: false })).observe(map.getContainer());
  let timer;
  map.whenReady(save);
  map.on("dragstart", () => (map.following = false));
  map.on("moveend resize", () => {
    save();
    clearTimeout(timer);
    // on the way to a chosen case the list must stay as it is
    if (!map.following) timer = setTimeout(() => frame.dispatchEvent(new CustomEvent(MAP_MOVED, { bubbles: true, detail: { bbox: frame.dataset.bbox } })), SETTLE_TIME);
    map.following = false;
  });
}
