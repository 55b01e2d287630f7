// How dense cases lie: hexagons in place of the cases, with their legend and table in a panel of the frame.
import L from "leaflet";
import { CASES_FILTERED, MAP_DISPLAY_CHOSEN } from "../events.js";
import { flash } from "../page/flash.js";
import { translate } from "../page/messages.js";
import { frameOf } from "./frame.js";

class Density {
  constructor(map, cases) {
    this.map = map;
    this.cases = cases;
    const frame = frameOf(map);
    this.panel = frame.querySelector("[data-hexagon-panel]");
    this.legend = frame.querySelector(".legend");
    this.button = frame.querySelector('[data-display="density"]');
    this.shapes = L.layerGroup().addTo(map);
    this.abort = new AbortController();
    L.DomEvent.disableClickPropagation(this.panel);
    L.DomEvent.disableScrollPropagation(this.panel);
    this.button.addEventListener("click", () => {
      const detail = { display: this.active ? null : "density" };
      this.button.dispatchEvent(new CustomEvent(MAP_DISPLAY_CHOSEN, { bubbles: true, detail }));
    });
    map.on("moveend", () => this.active && this.load());
  }

  get active() {
    return new URLSearchParams(this.query).get("display") === "density";
  }

  /** Follows the filter of the page, which also says how cases are shown. */
  show(query) {
    this.query = query;
    this.button.setAttribute("aria-pressed", String(this.active));
    this.panel.hidden = true; // until it has something to say
    this.legend.hidden = this.active;
    if (this.active) {
      this.cases.remove();
      this.load();
    } else {
      this.abort.abort();
      this.shapes.clearLayers();
      if (!this.map.hasLayer(this.cases)) this.cases.addTo(this.map);
    }
  }

  async load() {
    this.abort.abort();
    this.abort = new AbortController();
    const shown = this.map.getBounds().toBBoxString();
    const url = `/desk/density?${this.query}&shown=${shown}&zoom=${Math.round(this.map.getZoom())}`;
    try {
      const response = await fetch(url, { signal: this.abort.signal, credentials: "same-origin", headers: { "HX-Request": "true" } });
      if (!response.ok) throw new Error(`density ${response.status}`);
      this.draw(await response.text());
    } catch (error) {
      if (error.name !== "AbortError") flash(translate("offline"));
    }
  }

  draw(content) {
    const open = this.panel.querySelector("details")?.open;
    this.panel.innerHTML = content;
    this.panel.hidden = false;
    if (open && this.panel.querySelector("details")) this.panel.querySelector("details").open = true;
    this.shapes.clearLayers();
    const corners = JSON.parse(this.panel.querySelector("[data-hexagons]").dataset.hexagons);
    [...this.panel.querySelectorAll("[data-hexagon]")].forEach((row, n) => {
      const shape = L.polygon(corners[n], { pane: "areas", color: "#333", weight: 1, opacity: 0.6, fillColor: row.dataset.hexagon, fillOpacity: 0.7 });
      const [place, count] = row.children;
      shape.bindTooltip(`${place.textContent} ${count.textContent}`);
      shape.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        place.querySelector("a").click();
      });
      this.shapes.addLayer(shape);
    });
  }
}

/** Shows cases or how dense they lie, as the filter of the page says. */
export function wireDensity(map, cases, query) {
  const density = new Density(map, cases);
  density.show(query);
  document.addEventListener(CASES_FILTERED, ({ detail }) => density.show(detail.query));
}
