// 囲んで選ぶ: a box drawn on the map becomes the bounds of the list.
import L from "leaflet";
import { frameOf } from "./frame.js";

/** West, south, east, north with six digits, as the list's address carries them. */
export const boundsText = (bounds) => bounds.toBBoxString().split(",").map((degrees) => Number(degrees).toFixed(6)).join(",");

export function wireLasso(map) {
  const frame = frameOf(map);
  const tools = frame.querySelector('[data-map-tools] [data-tool="lasso"]')?.closest("[data-map-tools]");
  if (!tools) return;
  L.DomEvent.disableClickPropagation(tools);
  const choose = (tool) => {
    for (const button of tools.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    frame.classList.toggle("is-lasso", tool === "lasso");
    map.dragging[tool === "lasso" ? "disable" : "enable"]();
  };
  tools.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (tool) choose(tool);
  });
  drawBox(map, frame, (bounds) => {
    choose("look");
    frame.dispatchEvent(new CustomEvent("map:bounds", { bubbles: true, detail: { bbox: boundsText(bounds) } }));
  });
}

function drawBox(map, frame, done) {
  const container = map.getContainer();
  let box = null;
  let start = null;
  const place = (event) => map.mouseEventToContainerPoint(event);
  container.addEventListener("pointerdown", (event) => {
    if (!frame.classList.contains("is-lasso") || event.button !== 0) return;
    start = place(event);
    box = L.DomUtil.create("div", "lasso", container);
    container.setPointerCapture(event.pointerId);
  });
  container.addEventListener("pointermove", (event) => {
    if (!start) return;
    const now = place(event);
    Object.assign(box.style, { left: `${Math.min(start.x, now.x)}px`, top: `${Math.min(start.y, now.y)}px`, width: `${Math.abs(start.x - now.x)}px`, height: `${Math.abs(start.y - now.y)}px` });
  });
  container.addEventListener("pointerup", (event) => {
    if (!start) return;
    const now = place(event);
    const [from, to] = [map.containerPointToLatLng(start), map.containerPointToLatLng(now)];
    box.remove();
    const large = start.distanceTo(now) > 8;
    start = null;
    if (large) done(L.latLngBounds(from, to));
  });
}
