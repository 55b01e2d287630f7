// A place that the server has moved out of the way of others: the drawing takes it over as a change of its own, so that
// it can be undone and is saved and judged like what a hand has drawn.
import { fromGeometry } from "./measure.js";

export function wireMoved(drawing) {
  const said = document.getElementById("moved");
  const place = drawing.frame.dataset.mapField;
  let taking = false;
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const found = detail.target === said && said.querySelector(`[data-moved-place="${CSS.escape(place)}"]`);
    if (!found) return;
    taking = true;
    drawing.change(fromGeometry(JSON.parse(found.dataset.moved)), null);
    taking = false;
    const undo = found.querySelector("[data-undo]");
    undo.addEventListener("click", () => {
      drawing.undo();
      drawing.map.getContainer().focus();
    });
    // the button that was pressed goes away with the conflict
    undo.focus();
  });
  // what was said of a shape holds no longer when it changes
  drawing.input.addEventListener("change", () => taking || said?.replaceChildren());
}
