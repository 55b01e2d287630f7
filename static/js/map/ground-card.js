// A press on the staff map where no case lies, or Enter with the map in focus, tells what the layers that are on have there.
import { flash } from "../page/flash.js";
import { translate } from "../page/messages.js";
import { frameOf } from "./frame.js";

const ADDRESS = "/desk/map/features";
const PRECISION = 7;

/** @param {import("./card.js").MapCard} card */
export function wireGroundCard(map, card) {
  const frame = frameOf(map);
  const isLooking = () => frame.querySelector('[data-tool="look"]').getAttribute("aria-pressed") === "true";
  let abort;
  const ask = async (latlng) => {
    const { layers } = frame.dataset;
    if (!isLooking() || !layers || layers === "none") return;
    abort?.abort();
    abort = new AbortController();
    const at = `${map.getZoom().toFixed(2)}/${latlng.lat.toFixed(PRECISION)}/${latlng.lng.toFixed(PRECISION)}`;
    try {
      const response = await fetch(`${ADDRESS}?at=${at}&layers=${layers}`, { signal: abort.signal, credentials: "same-origin" });
      if (!response.ok || response.redirected) throw new Error(`features ${response.status}`);
      const { content } = Object.assign(document.createElement("template"), { innerHTML: await response.text() });
      card.show(latlng, [...content.childNodes], { stays: true });
    } catch (error) {
      if (error.name !== "AbortError") flash(translate("offline"));
    }
  };
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== map.getContainer() || !isLooking()) return;
    event.preventDefault();
    ask(map.getCenter());
  });
  return ask;
}
