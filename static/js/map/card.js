// The card of the staff map: what is said of a spot, beside it. It comes and goes under the pointer, or stays until it is closed.
import L from "leaflet";
import { frameOf } from "./frame.js";

const GAP = 14; // pixels between the spot and the card
const LEAVE_TIME = 250; // milliseconds in which the pointer may reach the card

export class MapCard {
  constructor(map) {
    this.map = map;
    this.element = frameOf(map).querySelector("[data-map-card]");
    this.body = this.element.querySelector("[data-map-card-body]");
    this.stays = false;
    L.DomEvent.disableClickPropagation(this.element);
    L.DomEvent.disableScrollPropagation(this.element);
    this.element.addEventListener("pointerenter", () => clearTimeout(this.leaving));
    this.element.addEventListener("pointerleave", () => this.leave());
    this.element.querySelector("[data-map-card-close]").addEventListener("click", () => this.hide());
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // the case that is open stays
      this.hide();
    });
    map.on("movestart zoomstart", () => this.hide());
  }

  /** Shows nodes beside a place of the map. `stays`: until it is closed, with the focus in it. */
  show(latlng, nodes, { stays = false } = {}) {
    clearTimeout(this.leaving);
    this.returnsTo = stays ? document.activeElement : null;
    this.stays = stays;
    this.body.replaceChildren(...nodes);
    this.element.hidden = false;
    this.element.classList.toggle("map-card--stays", stays);
    this._place(this.map.latLngToContainerPoint(latlng));
    if (stays) (this.body.querySelector("a") ?? this.element.querySelector("[data-map-card-close]")).focus({ preventScroll: true });
  }

  /** Above the spot where there is room, otherwise below it; always within the map. */
  _place({ x, y }) {
    const size = this.map.getSize();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const above = y - 32 - GAP - height;
    const top = above >= 8 ? above : Math.min(y + GAP, size.y - height - 8);
    this.element.style.left = `${Math.max(8, Math.min(x - width / 2, size.x - width - 8))}px`;
    this.element.style.top = `${Math.max(8, top)}px`;
  }

  /** The pointer has left what the card is about. */
  leave() {
    if (this.stays) return;
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.hide(), LEAVE_TIME);
  }

  /** Takes the card away; a focus that was in it goes back to where it came from. */
  hide() {
    clearTimeout(this.leaving);
    const hadFocus = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.stays = false;
    if (hadFocus) (this.returnsTo?.isConnected ? this.returnsTo : this.map.getContainer()).focus({ preventScroll: true });
  }
}
