// A place that the server has moved out of a conflict: the drawing takes it over as a change of its own, so that it can be undone and is
// saved and evaluated like what was drawn by hand.
import { fromGeometry } from "./measure.js";

export function wireMoved(drawing) {
  const status = document.getElementById("moved-note");
  const field = drawing.frame.dataset.mapField;
  let applying = false;
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const result = detail.target === status && status.querySelector(`[data-moved-place="${CSS.escape(field)}"]`);
    if (!result) return;
    applying = true;
    drawing.change(fromGeometry(JSON.parse(result.dataset.moved)), null);
    applying = false;
    const undo = result.querySelector("[data-undo]");
    undo.addEventListener("click", () => {
      drawing.undo();
      drawing.map.getContainer().focus();
    });
    // the button that had the focus disappears with the conflict
    undo.focus();
  });
  // the status is about the shape as it was
  drawing.input.addEventListener("change", () => applying || status?.replaceChildren());
}
