// The desk's map stays where it was when the page is asked anew; an address with bounds leads there. Where it stands is told to the list.
import L from "leaflet";
import { frameOf } from "./frame.js";

const KEY = "desk-map-view";
const REST = 250; // milliseconds after the last step of a wheel

/** "west,south,east,north" as Leaflet bounds; null when it is no such thing. */
export function boundsOf(text) {
  const numbers = (text ?? "").split(",").map(Number);
  if (numbers.length !== 4 || numbers.some((number) => !Number.isFinite(number)) || !text) return null;
  const [west, south, east, north] = numbers;
  return [[south, west], [north, east]];
}

/** What the map shows, in hundred-thousandths of a degree (a metre), as the list's address carries it. */
const boundsText = (map) => map.getBounds().toBBoxString().split(",").map((degrees) => Number(degrees).toFixed(5)).join(",");

/** Where the map stood in this window. */
function keptView() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
}

export function keepView(map, query) {
  const frame = frameOf(map);
  const asked = new URLSearchParams(query).get("bbox");
  const kept = keptView();
  if (boundsOf(asked) && kept?.bbox !== asked) map.fitBounds(L.latLngBounds(boundsOf(asked)).pad(-0.02), { animate: false });
  else if (kept) map.setView(kept.center, kept.zoom, { animate: false });
  const note = () => {
    frame.dataset.bbox = boundsText(map);
    sessionStorage.setItem(KEY, JSON.stringify({ center: map.getCenter(), zoom: map.getZoom(), bbox: frame.dataset.bbox }));
  };
  let waiting;
  map.whenReady(note);
  map.on("dragstart", () => (map.following = false));
  map.on("moveend resize", () => {
    note();
    clearTimeout(waiting);
    // on the way to a chosen case the list must stay as it is
    if (!map.following) waiting = setTimeout(() => frame.dispatchEvent(new CustomEvent("map:moved", { bubbles: true, detail: { bbox: frame.dataset.bbox } })), REST);
    map.following = false;
  });
}
