// The view of the staff map in the form that begins a printed map: its middle and zoom, the layers that are on in their order, the base, and the filter of the list.
import { frameOf } from "./frame.js";

export function wirePrint(map) {
  const form = document.getElementById("map-print");
  form?.addEventListener("submit", () => {
    const { lat, lng } = map.getCenter();
    const { filter, view, layers, base } = form.elements;
    filter.value = document.getElementById("pane").dataset.query;
    view.value = [lat.toFixed(6), lng.toFixed(6), map.getZoom()].join(",");
    layers.value = frameOf(map).dataset.layers;
    base.value = frameOf(map).dataset.baseMap;
  });
}
