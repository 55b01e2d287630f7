// A place that was looked for and chosen, or the one where somebody is: a point is the answer itself, for any other drawing it is where the
// map goes.
import { flash } from "../page/flash.js";
import { translate } from "../page/messages.js";

const CLOSE = 19;
const POSITION = { enableHighAccuracy: true, timeout: 8000 };

/** What a radio button of a place holds: "longitude,latitude,name". */
export function readPlace(value) {
  const [lon, lat, ...name] = value.split(",");
  return { point: [Number(lon), Number(lat)], name: name.join(",") };
}

/** The radio buttons of the places that a question offers. */
const radiosOf = (field) => document.querySelectorAll(`input[type=radio][name="${CSS.escape(`${field}.found`)}"]`);

/** Takes the choice back: the point is somewhere else now. */
export function unchoose(field) {
  for (const radio of radiosOf(field)) radio.checked = false;
}

export function wireChosenPlace(drawing) {
  const field = drawing.frame.dataset.mapField;
  const go = (point, origin) => {
    if (drawing.kind === "point") drawing.place(point, origin);
    drawing.map.setView([point[1], point[0]], Math.max(CLOSE, drawing.map.getZoom()), { animate: false });
  };
  document.addEventListener("change", ({ target }) => {
    if (target.type !== "radio" || target.name !== `${field}.found` || !target.checked) return;
    const { point, name } = readPlace(target.value);
    go(point, { source: "address", label: name });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-place-here]");
    if (button?.closest("[data-place-finder]")?.dataset.placeFinder !== field) return;
    const unknown = () => flash(translate("locationUnknown"));
    if (!navigator.geolocation) return unknown();
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      go([coords.longitude, coords.latitude], { source: "device", label: "" });
      unchoose(field);
    }, unknown, POSITION);
  });
}
