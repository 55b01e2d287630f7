// The panel of the staff map (重ねる地図): which layers are on, in which order they lie over each other and how much of each is seen. What is
// chosen stays in this window when the page is loaded again; a link says it for others (`layers`, see portal/desk/map_state.py).
import L from "leaflet";
import { translate } from "../page/messages.js";
import { frameOf } from "./frame.js";
import { matches, readLayers, writeLayers } from "./layer-choice.js";

const STORAGE_KEY = "desk-map-layers";
const FOLDS_KEY = "desk-map-layer-folds"; // which parts of the panel are open: "", "panel", "choice" or "panel,choice"
const PARAMETER = "layers";
const PHONE = "(width < 48rem)";
const panels = new WeakMap();

/** @returns {LayerPanel|undefined} the panel of a map that has one */
export const panelOf = (map) => panels.get(map);

class LayerPanel {
  constructor(map, element) {
    this.map = map;
    this.element = element;
    this.frame = frameOf(map);
    this.list = element.querySelector("[data-layer-stack]");
    this.status = element.querySelector("[data-layer-status]");
    this.rows = new Map([...this.list.querySelectorAll("[data-stacked]")].map((row) => [row.dataset.stacked, row]));
    this.boxes = new Map([...element.querySelectorAll("[data-layer]")].map((box) => [box.dataset.layer, box]));
    this.layers = new Map();
    const linked = new URLSearchParams(location.search).has(PARAMETER);
    const kept = linked ? null : sessionStorage.getItem(STORAGE_KEY);
    this._take(kept ?? element.dataset.shown);
    this._wireFolds(element.querySelector("[data-layer-choice]"));
    L.DomEvent.disableClickPropagation(element);
    L.DomEvent.disableScrollPropagation(element);
    element.addEventListener("change", ({ target }) => target.dataset.layer && this._switch(target.dataset.layer, target.checked));
    element.addEventListener("input", ({ target }) => {
      if (target.type === "range") this._fade(target);
      if (target.type === "search") this._search(target.value);
    });
    element.addEventListener("click", ({ target }) => this._press(target.closest("button")));
  }

  /** Lets a layer of the map follow its switch, its place and its slider. */
  follow(key, layer) {
    this.layers.set(key, layer);
    this._apply(key);
  }

  /** The panel and its choice of layers stay open or folded in this window; on a phone the panel lies over the map only when it is opened. */
  _wireFolds(choice) {
    const open = (sessionStorage.getItem(FOLDS_KEY) ?? "panel").split(",");
    this.element.open = open.includes("panel") && !matchMedia(PHONE).matches;
    choice.open = open.includes("choice");
    for (const fold of [this.element, choice]) {
      fold.addEventListener("toggle", () => {
        const names = [this.element.open && "panel", choice.open && "choice"].filter(Boolean);
        sessionStorage.setItem(FOLDS_KEY, names.join(","));
      });
    }
  }

  /** Takes over what a text says is on; what the panel does not offer is left out. */
  _take(text) {
    this.shown = readLayers(text).filter(({ key }) => this.rows.has(key));
    for (const [key, box] of this.boxes) box.checked = this.shown.some((each) => each.key === key);
    this._render();
  }

  _switch(key, on) {
    const rest = this.shown.filter((each) => each.key !== key);
    const share = Number(this.rows.get(key).querySelector("input").value) / 100;
    this.shown = on ? [{ key, share }, ...rest] : rest;
    this._keep();
    this._render();
  }

  _fade(slider) {
    const { stacked: key } = slider.closest("[data-stacked]").dataset;
    this.shown.find((each) => each.key === key).share = Number(slider.value) / 100;
    this._keep();
    this._say(key);
    this._apply(key);
  }

  _press(button) {
    if (!button) return;
    if (button.matches("[data-layers-reset]")) {
      this._take(this.element.dataset.start);
      this._keep();
      this.status.textContent = translate("layersReset");
      return;
    }
    const { stacked: key } = button.closest("[data-stacked]").dataset;
    const from = this.shown.findIndex((each) => each.key === key);
    const to = from + Number(button.dataset.move);
    [this.shown[from], this.shown[to]] = [this.shown[to], this.shown[from]];
    this._keep();
    this._render();
    (button.disabled ? button.parentElement.querySelector("button:enabled") : button)?.focus();
    this.status.textContent = translate("layerMoved", { title: button.dataset.title, n: to + 1 });
  }

  _search(words) {
    for (const group of this.element.querySelectorAll("[data-layer-group]")) {
      const rows = [...group.querySelectorAll("li")];
      for (const row of rows) row.hidden = !matches(row.textContent, words);
      group.hidden = rows.every((row) => row.hidden);
      if (words && !group.hidden) group.open = true;
    }
    const hits = this.element.querySelectorAll("[data-layer-group] li:not([hidden])").length;
    this.status.textContent = words ? translate("layersMatching", { n: hits }) : "";
  }

  /** Keeps the choice for this window, and in what the address, links and prints are made of. */
  _keep() {
    const text = writeLayers(this.shown);
    sessionStorage.setItem(STORAGE_KEY, text);
    this.frame.dataset.layers = text;
  }

  _render() {
    this.frame.dataset.layers = writeLayers(this.shown);
    for (const [key, row] of this.rows) row.hidden = !this.shown.some((each) => each.key === key);
    this.shown.forEach(({ key, share }, place) => {
      const row = this.rows.get(key);
      this.list.append(row);
      row.querySelector("input").value = String(Math.round(share * 100));
      row.querySelector('[data-move="-1"]').disabled = place === 0;
      row.querySelector('[data-move="1"]').disabled = place === this.shown.length - 1;
      this._say(key);
    });
    this.element.querySelector("[data-no-layer]").hidden = this.shown.length > 0;
    for (const key of this.layers.keys()) this._apply(key);
  }

  _say(key) {
    const slider = this.rows.get(key).querySelector("input");
    const text = `${slider.value}%`;
    slider.setAttribute("aria-valuetext", text);
    this.rows.get(key).querySelector("output").textContent = text;
  }

  _apply(key) {
    const layer = this.layers.get(key);
    const place = this.shown.findIndex((each) => each.key === key);
    if (place < 0) {
      layer.remove();
      return;
    }
    layer.setOpacity(this.shown[place].share).setZIndex(this.shown.length - place);
    if (!this.map.hasLayer(layer)) layer.addTo(this.map);
  }
}

/** Wires the panel in the frame of a map, before the layers of the map are made. */
export function wireLayerPanel(map) {
  const element = frameOf(map).querySelector("[data-layer-panel]");
  if (element) panels.set(map, new LayerPanel(map, element));
}
