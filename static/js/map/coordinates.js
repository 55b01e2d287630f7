// Where the pointer is, or else the middle of the map: in the plane system of the city and in degrees, to be copied.
import L from "leaflet";
import { flash } from "../page/flash.js";
import { frameOf } from "./frame.js";
import { inPlane } from "./plane.js";

const metres = (value) => value.toLocaleString("ja-JP", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Adds the coordinates to a map whose frame has room for them. */
export function wireCoordinates(map) {
  const panel = frameOf(map).querySelector("[data-coordinates]");
  if (!panel) return;
  const origin = JSON.parse(panel.dataset.coordinates);
  const output = panel.querySelector("output");
  const show = ({ lat, lng }) => {
    const [x, y] = inPlane(lng, lat, origin);
    output.textContent = `X ${metres(x)} Y ${metres(y)}・${lat.toFixed(5)}, ${lng.toFixed(5)}`;
  };
  const middle = () => show(map.getCenter());
  L.DomEvent.disableClickPropagation(panel);
  map.on("mousemove", (event) => show(event.latlng));
  map.on("mouseout move", middle);
  map.whenReady(middle);
  panel.querySelector("button").addEventListener("click", async () => {
    middle();
    await navigator.clipboard.writeText(output.textContent).then(
      () => flash(panel.dataset.copied),
      () => flash(panel.dataset.notCopied),
    );
  });
}
