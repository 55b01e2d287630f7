// The sheet of a printed map: its outline stays in the middle of the map, and the middle is written into the form.
import L from "leaflet";
import { sheetCorners } from "./sheet-corners.js";

const DEGREES = 6; // decimals of a degree, a decimetre
const SAME_PLACE = 2; // metres by which the middle may shift when the view is fitted

const chosen = (form, name) => new FormData(form).get(name);

/** @param {{frames: Record<string, number[]>, meridian: number}} options sides of the map on each paper, in millimetres */
export function sheetFrame(map, { frames, meridian }) {
  const form = map.getContainer().closest("form");
  const outline = L.polygon([], { className: "sheet-frame", pane: "drawing", interactive: false }).addTo(map);
  let last = map.getCenter();
  const draw = (fit) => {
    const { lng, lat } = map.getCenter();
    const corners = sheetCorners([lng, lat], frames[`${chosen(form, "paper")}-${chosen(form, "lying")}`], Number(chosen(form, "scale")), meridian);
    outline.setLatLngs(corners.map(([x, y]) => [y, x]));
    if (fit) map.fitBounds(outline.getBounds(), { padding: [16, 16], animate: false });
    if (fit) last = map.getCenter();
  };
  map.on("move", () => draw(false));
  map.on("moveend", () => {
    const middle = map.getCenter();
    // what was typed stays until the map itself is moved elsewhere
    if (middle.distanceTo(last) < SAME_PLACE) return;
    last = middle;
    form.elements.lat.value = middle.lat.toFixed(DEGREES);
    form.elements.lon.value = middle.lng.toFixed(DEGREES);
  });
  form.addEventListener("change", ({ target }) => {
    if (["paper", "lying", "scale"].includes(target.name)) draw(true);
    const [lat, lon] = [Number(form.elements.lat.value), Number(form.elements.lon.value)];
    if (!["lat", "lon"].includes(target.name) || !lat || !lon) return;
    last = L.latLng(lat, lon);
    map.setView(last, map.getZoom(), { animate: false });
  });
  // fields that the browser fills again on the way back are there only now
  map.whenReady(() => setTimeout(() => draw(true)));
}
