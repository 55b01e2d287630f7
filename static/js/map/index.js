// Maps for pages: frames in the templates are filled here, and scripts made by the server call `madoguchi.map`.
import L from "leaflet";
import { addBase, plainBase, schematicBase, tileBase } from "./base.js";
import { baseChoice } from "./base-choice.js";
import { caseTiles } from "./cases.js";
import { wireCoordinates } from "./coordinates.js";
import { enhanceField } from "./draw.js";
import { openMap, prepare } from "./frame.js";
import { inStep } from "./in-step.js";
import { wireLayerPanel } from "./layer-panel.js";
import { overlayTiles } from "./overlays.js";
import { featurePins } from "./pins.js";
import { enhanceSwipe } from "./swipe.js";
import { sheetFrame } from "./sheet.js";
import { showConflicts, showGeometry, showStops } from "./shapes.js";
import { enhancePieces } from "./pieces.js";

/** @param {{bounds?: number[][], readOnly?: boolean}} options */
function ready(map, options = {}) {
  prepare(map);
  wireCoordinates(map);
  wireLayerPanel(map);
  if (options.bounds) map.setMaxBounds(L.latLngBounds(options.bounds).pad(0.3));
  return map;
}

/** A place in a small map that stays as it is (review page, drawer); without a place, the city to look around in. */
function enhancePlace(frame) {
  if (frame.dataset.ready) return;
  frame.dataset.ready = "true";
  const base = JSON.parse(frame.dataset.base);
  const place = JSON.parse(frame.dataset.mapPlace);
  const staticOptions = { dragging: false, scrollWheelZoom: false, doubleClickZoom: false, touchZoom: false, keyboard: false, zoomAnimation: false };
  // scrolling the page over a map must not zoom the map
  const map = openMap(frame, base, place ? staticOptions : { scrollWheelZoom: false, dragging: !L.Browser.mobile });
  addBase(map, base);
  if (place?.features?.[0]?.properties.number) showStops(map, place);
  else if (place?.type === "FeatureCollection") showRoles(map, place);
  else if (place) showGeometry(map, { geojson: place, fit: true });
}

/** A place together with what lies in its way; the view is the place's own, with where it was before. There is no room for names. */
function showRoles(map, collection) {
  const own = collection.features.filter((feature) => feature.properties.role === "place");
  const others = collection.features.filter((feature) => !own.includes(feature));
  showGeometry(map, { geojson: { ...collection, features: own }, fit: true, closest: others.length ? 21 : 19 });
  showConflicts(map, { features: others.map((feature) => ({ ...feature, properties: { role: feature.properties.role, title: feature.properties.role === "photo" ? feature.properties.title : undefined } })) });
  const former = others.filter((feature) => feature.properties.role === "former");
  if (former.length) map.fitBounds(L.geoJSON([...own, ...former]).getBounds(), { padding: [24, 24], maxZoom: 21, animate: false });
}

function enhance(root) {
  for (const frame of root.querySelectorAll("[data-map-field]")) enhanceField(frame);
  for (const frame of root.querySelectorAll("[data-map-place]")) enhancePlace(frame);
  for (const frame of root.querySelectorAll("[data-map-pieces]")) enhancePieces(frame);
  for (const maps of root.querySelectorAll("[data-swipe]")) enhanceSwipe(maps);
}

window.madoguchi = { ...window.madoguchi, map: { ready, plainBase, schematicBase, tileBase, baseChoice, caseTiles, overlayTiles, featurePins, inStep, sheetFrame, enhance } };

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => enhance(document));
else enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
