// Pieces of the map to choose from (`data-map-pieces`): pressing one checks its card below; colour and pattern follow what others choose.
import L from "leaflet";
import { addBase } from "./base.js";
import { openMap } from "./frame.js";

const EVERY = 10_000; // ms between questions to the server while the page is looked at

class Pieces {
  constructor(frame) {
    this.name = frame.dataset.mapPieces;
    this.url = frame.dataset.statesUrl;
    this.field = frame.parentElement;
    this.cards = this.field.querySelector(`[data-pieces-of="${CSS.escape(this.name)}"]`);
    this.note = this.field.querySelector("[data-pieces-note]");
    this.paths = new Map();
    const base = JSON.parse(frame.dataset.base);
    const map = openMap(frame, base, { scrollWheelZoom: false, dragging: !L.Browser.mobile });
    addBase(map, base);
    const dot = (feature, latlng) => L.circleMarker(latlng, { radius: 12, pane: "drawing" });
    const shapes = L.geoJSON(JSON.parse(frame.dataset.shapes), {
      pane: "drawing",
      style: () => ({ className: "piece", pane: "drawing" }),
      pointToLayer: dot,
      onEachFeature: ({ properties }, layer) => {
        this.paths.set(properties.id, layer);
        layer.on("click", () => this.choose(properties.id));
        layer.bindTooltip(() => this.card(properties.id)?.innerText ?? "", { direction: "top" });
      },
    }).addTo(map);
    map.fitBounds(shapes.getBounds(), { padding: [24, 24], maxZoom: 20, animate: false });
    this.cards.addEventListener("change", () => this.show());
    this.show();
    this.timer = setInterval(() => this.ask(), EVERY);
  }

  card(id) {
    return this.cards.querySelector(`[data-piece="${CSS.escape(id)}"]`);
  }

  choose(id) {
    const input = this.card(id)?.querySelector("input");
    if (!input) return;
    input.checked = input.type === "radio" || !input.checked;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    let gone = false;
    for (const [id, layer] of this.paths) {
      const card = this.card(id);
      const chosen = card.querySelector("input").checked;
      const path = layer.getElement?.();
      if (path) Object.assign(path.dataset, { state: card.dataset.state, chosen });
      gone ||= chosen && card.dataset.state !== "free";
    }
    if (this.note.hidden === gone) {
      this.note.hidden = !gone;
      this.note.textContent = gone ? this.note.dataset.gone : "";
    }
  }

  async ask() {
    if (!this.cards.isConnected) return clearInterval(this.timer);
    if (document.hidden) return;
    const response = await fetch(this.url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response?.ok) return;
    for (const [id, { state, words }] of Object.entries(await response.json())) {
      const card = this.card(id);
      if (!card || card.dataset.state === state) continue;
      card.dataset.state = state;
      card.querySelector("small").innerHTML = words;
    }
    this.show();
  }
}

export function enhancePieces(frame) {
  if (frame.dataset.ready) return;
  frame.dataset.ready = "true";
  new Pieces(frame);
}
