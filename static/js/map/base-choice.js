// The base map that a clerk chooses in the panel of the staff map. What is chosen stays in this window; a link says it for others (`base`).
import { flash } from "../page/flash.js";
import { translate } from "../page/messages.js";
import { wireAddress } from "./address.js";
import { plainBase, schematicBase, tileBase } from "./base.js";
import { frameOf } from "./frame.js";

const STORAGE_KEY = "desk-map-base";
const PARAMETER = "base";
const DRAWN_BY = { schematic: schematicBase, tiles: outsideBase, none: plainBase };

/** Tiles that another server may owe: said once, and everything else goes on. */
function outsideBase(map, options) {
  const layer = tileBase(map, options);
  layer.once("tileerror", () => flash(translate("tilesMissing")));
  return layer;
}

/** @param {{bases: {key: string, kind: "schematic"|"tiles"|"none", url: string, attribution: string}[]}} options the first one opens the map */
export function baseChoice(map, { bases }) {
  const frame = frameOf(map);
  const controls = [...frame.querySelectorAll('[name="base-map"]')];
  let drawn;
  const draw = (key) => {
    const base = bases.find((each) => each.key === key) ?? bases[0];
    drawn?.remove();
    drawn = DRAWN_BY[base.kind](map, base);
    frame.dataset.baseMap = base.key;
    for (const control of controls) control.checked = control.value === base.key;
  };
  const choose = (key) => {
    draw(key);
    sessionStorage.setItem(STORAGE_KEY, key);
  };
  const linked = new URLSearchParams(location.search).get(PARAMETER);
  draw(linked ?? sessionStorage.getItem(STORAGE_KEY));
  for (const control of controls) control.addEventListener("change", () => choose(control.value));
  frame.querySelector("[data-layers-reset]").addEventListener("click", () => choose(bases[0].key));
  wireAddress(map, { layers: frame.querySelector("[data-layer-panel]").dataset.start, base: bases[0].key });
}
