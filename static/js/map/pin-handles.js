// Pins and clusters by keyboard and by ear: one stop of the Tab key, arrows to the next one in a direction, Enter opens. The pins themselves
// are painted; a handle lies over each, which only the focus reaches.
import L from "leaflet";
import { translate } from "../page/messages.js";

const MOST = 60; // handles; of more pins those nearest to the middle of the map have one
const SAME_PLACE = 10; // pixels within which pins are one place
const SETTLE_TIME = 300; // milliseconds after the last change of the map
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The index of the nearest point in a direction: what lies ahead counts more than what lies aside; -1 where nothing does.
 * @param {{x: number, y: number}[]} points
 */
export function nextInDirection(points, from, [dx, dy]) {
  let nearest = -1;
  let shortest = Infinity;
  points.forEach((point, index) => {
    if (index === from) return;
    const [x, y] = [point.x - points[from].x, point.y - points[from].y];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead <= 0 || aside > 2 * ahead) return;
    const distance = ahead + 2 * aside;
    if (distance < shortest) [nearest, shortest] = [index, distance];
  });
  return nearest;
}

/** Pins that lie on each other as one: `{latlng, cases}` for each place, `{latlng, cluster}` for each cluster. */
function placesOf(map, pins, clusters) {
  const places = [];
  for (const pin of pins) {
    const point = map.latLngToContainerPoint(pin.latlng);
    const same = places.find((place) => place.point.distanceTo(point) <= SAME_PLACE);
    if (!same) places.push({ latlng: pin.latlng, point, cases: [pin] });
    else if (!same.cases.some(({ id }) => id === pin.id)) same.cases.push(pin);
  }
  return [...places, ...clusters.map((cluster) => ({ ...cluster, point: map.latLngToContainerPoint(cluster.latlng) }))];
}

export class PinHandles {
  /**
   * @param {L.Map} map
   * @param {{inView: () => {pins: object[], clusters: object[]}, open: (cases: object[], byKey: boolean) => void, cards: object}} options
   */
  constructor(map, { inView, open, cards }) {
    Object.assign(this, { map, inView, open, cards, handles: [], hadFocus: null });
    this.group = L.layerGroup().addTo(map);
    map.on("moveend zoomend", () => this.soon());
    map.on("zoomstart", () => this.clear());
  }

  /** Makes the handles anew once the map is at rest. */
  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.render(), SETTLE_TIME);
  }

  clear() {
    const focused = this.handles.find(({ element }) => element === document.activeElement);
    if (focused) {
      this.hadFocus = focused.key;
      this.map.getContainer().focus({ preventScroll: true });
    }
    this.group.clearLayers();
    this.handles = [];
  }

  render() {
    const { pins, clusters } = this.inView();
    const middle = this.map.getSize().divideBy(2);
    const places = placesOf(this.map, pins, clusters)
      .sort((a, b) => a.point.distanceTo(middle) - b.point.distanceTo(middle))
      .slice(0, MOST)
      .sort((a, b) => a.point.y - b.point.y || a.point.x - b.point.x);
    this.clear();
    this.handles = places.map((place) => this._handle(place));
    const current = this.handles.find(({ key }) => key === this.hadFocus);
    this._mark(current ?? this.handles[0]);
    if (document.activeElement === this.map.getContainer()) current?.element.focus({ preventScroll: true });
    this.hadFocus = null;
    this._name();
  }

  _handle({ latlng, point, cases, name, press }) {
    const [width, height] = cases ? [28, 32] : [44, 44];
    const icon = L.divIcon({ className: "case-handle", iconSize: [width, height], iconAnchor: [width / 2, cases ? 30 : height / 2] });
    const marker = L.marker(latlng, { icon, keyboard: false, interactive: false, pane: "selected" });
    this.group.addLayer(marker);
    const element = marker.getElement();
    const handle = { element, point, cases, key: cases ? cases.map(({ id }) => id).join() : `${latlng}` };
    element.setAttribute("role", "button");
    element.tabIndex = -1;
    element.setAttribute("aria-label", name ?? translate("pin"));
    element.addEventListener("focus", () => {
      this._mark(handle);
      if (cases) this.cards.show(cases);
    });
    element.addEventListener("blur", () => this.cards.leave());
    element.addEventListener("keydown", (event) => this._key(event, handle, press));
    // a screen reader presses without a key
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      this._press(handle, press);
    });
    return handle;
  }

  _press({ cases }, press) {
    if (press) press();
    else this.open(cases, true);
  }

  _key(event, handle, press) {
    const direction = DIRECTIONS[event.key];
    if (direction) {
      const to = nextInDirection(this.handles.map(({ point }) => point), this.handles.indexOf(handle), direction);
      this.handles[to]?.element.focus({ preventScroll: true });
    } else if (event.key === "Home" || event.key === "End") this.handles.at(event.key === "Home" ? 0 : -1).element.focus({ preventScroll: true });
    else if (event.key === "Enter" || event.key === " ") this._press(handle, press);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  _mark(current) {
    for (const handle of this.handles) handle.element.tabIndex = handle === current ? 0 : -1;
  }

  async _name() {
    const { handles } = this;
    const ids = handles.flatMap(({ cases }) => cases?.map(({ id }) => id) ?? []);
    await this.cards.foresee([...new Set(ids)].slice(0, 100));
    for (const { element, cases } of handles) {
      const name = cases && (await this.cards.nameOf(cases.map(({ id }) => id)));
      if (name) element.setAttribute("aria-label", name);
    }
  }
}
