// Where the map goes with the case that is open: to its place, near enough to see it, and back to where one looked before.
import L from "leaflet";
import { CASE_SHOWN } from "../events.js";
import { formatView, parseView } from "./view.js";

const STORAGE_KEY = "desk-map-case";
const STREET_ZOOM = 18; // houses and their streets around a point
const NEAR_ENOUGH = 17; // from here on a point says where it is
const CLOSEST = 19;
const LEAST_SIDE = 48; // pixels; a smaller shape is not seen as one
const ROOM = { left: 40, top: 90, right: 40, bottom: 120 }; // pixels under the tools and the time bar

/** How many pixels of the map's right side are under the drawer. */
export function coveredWidth() {
  const drawer = document.getElementById("drawer");
  return innerWidth >= 768 && getComputedStyle(drawer).position === "absolute" ? drawer.offsetWidth : 0;
}

/** "west,south,east,north" as Leaflet bounds. */
function boundsOf(extent) {
  const [west, south, east, north] = extent.split(",").map(Number);
  return L.latLngBounds([south, west], [north, east]);
}

const isPoint = (bounds) => bounds.getSouthWest().equals(bounds.getNorthEast());

/** The part of the map that nothing lies over, in pixels; on a small map all of it. */
function freePart(map) {
  const { x, y } = map.getSize();
  const [width, height] = [x - ROOM.left - ROOM.right - coveredWidth(), y - ROOM.top - ROOM.bottom];
  if (width < 120 || height < 120) return L.bounds([8, 8], [x - 8, y - 8]);
  return L.bounds([ROOM.left, ROOM.top], [ROOM.left + width, ROOM.top + height]);
}

/** Whether a place can be seen as it is, so that the map may stay. */
function isSeen(map, bounds) {
  const corners = L.bounds([bounds.getNorthWest(), bounds.getSouthEast()].map((latlng) => map.latLngToContainerPoint(latlng)));
  if (!freePart(map).contains(corners)) return false;
  if (isPoint(bounds)) return map.getZoom() >= NEAR_ENOUGH;
  const { x, y } = corners.getSize();
  return Math.max(x, y) >= LEAST_SIDE;
}

function goTo(map, bounds) {
  const { x, y } = map.getSize();
  const free = freePart(map);
  map.fitBounds(bounds, {
    maxZoom: isPoint(bounds) ? STREET_ZOOM : CLOSEST,
    paddingTopLeft: free.min,
    paddingBottomRight: L.point(x, y).subtract(free.max),
    animate: false,
  });
}

/** What this window knows of the open case: `before`, where one looked without it, and `at`, where the map went with it. */
const kept = () => JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null");

function keep(map, caseId, before) {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ caseId, before, at: formatView(map) }));
}

/** Whether two views are the same but for the rounding of pixels. */
function isSame(one, other) {
  const [a, b] = [parseView(one), parseView(other)];
  return a.zoom === b.zoom && a.center.every((degrees, at) => Math.abs(degrees - b.center[at]) < 360 / (256 * 2 ** a.zoom));
}

/** Where one looked by oneself: before the case that is open, unless one has moved the map since. */
function ownView(map) {
  const now = formatView(map);
  const last = kept();
  return last?.before && isSame(last.at, now) ? last.before : now;
}

function goBack(map) {
  const view = parseView(ownView(map));
  sessionStorage.removeItem(STORAGE_KEY);
  map.setView(view.center, view.zoom, { animate: false });
}

function follow(map, caseId, extent, linked) {
  const before = ownView(map);
  const bounds = extent && !linked && boundsOf(extent);
  if (bounds && !isSeen(map, bounds)) {
    // on the way to a chosen case the list must stay as it is
    map.following = true;
    goTo(map, bounds);
  }
  keep(map, caseId, before);
}

/** Lets the map follow the case of the drawer. A link says where the map looks, whatever case is open in it. */
export function wireCasePlace(map) {
  let linked = new URLSearchParams(location.search).has("at");
  let waiting;
  const show = ({ caseId, extent }) => {
    const isLinked = linked;
    linked = false;
    if (!caseId) {
      if (kept()) goBack(map);
    } else if (kept()?.caseId !== caseId || isLinked) follow(map, caseId, extent, isLinked);
  };
  document.addEventListener(CASE_SHOWN, ({ detail }) => {
    // behind the list of a phone the map has no size, and goes to the place once it is looked at
    if (map.getSize().x) show(detail);
    else waiting = detail;
  });
  map.on("resize", () => {
    if (!waiting || !map.getSize().x) return;
    const detail = waiting;
    waiting = undefined;
    show(detail);
  });
}
