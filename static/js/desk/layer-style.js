// The style of a layer while it is being chosen: the server reads the form and answers with the style, and the map beside it follows.
import { LAYER_STYLED } from "../events.js";

export function watchLayerStyle() {
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const chosen = detail.target.querySelector?.("[data-layer-style]");
    if (!chosen) return;
    document.dispatchEvent(new CustomEvent(LAYER_STYLED, { detail: JSON.parse(chosen.dataset.layerStyle) }));
  });
}
