// Another layer, shown along so that corners and sides can be drawn on its own.
import L from "leaflet";

export class Neighbours {
  constructor(map, url) {
    Object.assign(this, { map, url });
    this.group = L.featureGroup().addTo(map);
    this.select = document.querySelector("[data-edit-neighbour]");
    this.select.addEventListener("change", () => this.load());
    map.on("moveend", () => this.load());
  }

  async load() {
    this.request?.abort();
    this.request = new AbortController();
    if (!this.select.value) return this.group.clearLayers();
    const query = new URLSearchParams({ layer: this.select.value, bbox: this.map.getBounds().toBBoxString() });
    const response = await fetch(`${this.url}/neighbours.json?${query}`, { signal: this.request.signal }).catch(() => null);
    if (!response?.ok) return undefined;
    const collection = await response.json();
    this.group.clearLayers();
    const dot = (_, latlng) => L.circleMarker(latlng, { radius: 4, className: "edit-neighbour", interactive: false });
    return this.group.addLayer(L.geoJSON(collection, { interactive: false, style: () => ({ className: "edit-neighbour", pane: "conflict" }), pointToLayer: dot }));
  }
}
