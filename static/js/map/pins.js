// The map beside a list that the server made: numbered pins that lead to what they stand for, the place that the list is near to, and another
// place to be looked at, which is set by a press and sent by the form of the page.
import L from "leaflet";
import { frameOf } from "./frame.js";
import { showGeometry } from "./shapes.js";

const pinIcon = (number) => L.divIcon({ className: "map-stop map-stop--link", html: String(Number(number)), iconSize: [32, 32] });
const spotIcon = L.divIcon({ className: "map-spot", html: "", iconSize: [26, 26] });

/** What is in the list by the link that leads to it; the list has the same words in the same order, so pins are no stops of the keyboard. */
function addPin(map, { lon, lat, number, title, href }) {
  const marker = L.marker([lat, lon], { icon: pinIcon(number), title: `${number}. ${title}`, keyboard: false, pane: "selected" }).addTo(map);
  const line = () => document.querySelector(`[data-pin="${CSS.escape(String(number))}"]`);
  const mark = (on) => marker.getElement()?.classList.toggle("is-marked", on);
  marker.on("click", () => window.location.assign(href));
  marker.on("mouseover", () => line()?.classList.add("is-marked"));
  marker.on("mouseout", () => line()?.classList.remove("is-marked"));
  line()?.addEventListener("pointerenter", () => mark(true));
  line()?.addEventListener("pointerleave", () => mark(false));
  line()?.addEventListener("focusin", () => mark(true));
  line()?.addEventListener("focusout", () => mark(false));
}

/** A press on the ground offers to look there; the position goes in the body of the form, never in an address. */
function offerSpots(map, form) {
  const offer = frameOf(map).querySelector("[data-map-offer]");
  if (!form || !offer) return;
  L.DomEvent.disableClickPropagation(offer);
  let marker;
  map.on("click", ({ latlng }) => {
    marker?.remove();
    marker = L.marker(latlng, { icon: spotIcon, interactive: false, keyboard: false, pane: "selected" }).addTo(map);
    form.elements.lon.value = latlng.lng.toFixed(6);
    form.elements.lat.value = latlng.lat.toFixed(6);
    form.elements.origin.value = "map";
    offer.hidden = false;
  });
}

/** @param {{pins: object[], spot?: object, shape?: object, form: string}} options */
export function featurePins(map, { pins, spot, shape, form }) {
  if (shape) showGeometry(map, { geojson: shape, fit: true, closest: 18 });
  for (const pin of pins) addPin(map, pin);
  if (spot) L.marker([spot.lat, spot.lon], { icon: spotIcon, title: spot.title, interactive: false, keyboard: false, pane: "selected", zIndexOffset: -1000 }).addTo(map);
  offerSpots(map, document.getElementById(form));
  const shown = [...pins.slice(0, spot ? 8 : pins.length), ...(spot ? [spot] : [])].map(({ lat, lon }) => [lat, lon]);
  // behind the list on a phone the map has no size, and cannot open on anything
  let sized = map.getSize().x > 0;
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    if (!sized && map.getSize().x > 0) {
      sized = true;
      if (shown.length) map.fitBounds(shown, { padding: [48, 48], maxZoom: 17, animate: false });
    }
  }).observe(map.getContainer());
}
