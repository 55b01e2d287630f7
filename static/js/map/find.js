// Going to a place by its name: the server responds with buttons, and a click moves the map there.
import L from "leaflet";
import { frameOf } from "./frame.js";

const ZOOM = 18;

/** Wires the place search in the frame of a map. */
export function wireSearch(map) {
  const box = frameOf(map).querySelector("[data-map-find]");
  if (!box) return;
  L.DomEvent.disableClickPropagation(box);
  L.DomEvent.disableScrollPropagation(box);
  const list = box.querySelector("ul");
  const input = box.querySelector("input");
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.replaceChildren();
    if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      list.querySelector("button")?.click();
    }
    event.stopPropagation();
  });
  list.addEventListener("click", (event) => {
    const { goLat, goLon } = event.target.closest("button")?.dataset ?? {};
    if (!goLat) return;
    map.setView([Number(goLat), Number(goLon)], ZOOM);
    list.replaceChildren();
    map.getContainer().focus();
  });
}
