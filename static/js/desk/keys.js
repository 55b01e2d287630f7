// Keys of the desk: J and K select the next and the previous case, and any element with `data-shortcut` answers to its letter.
import { neighbourRow } from "./case-list.js";

const TEXT_INPUTS = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** Opens the case so many rows further down the list. */
function selectNeighbour(offset) {
  const row = neighbourRow(offset);
  row?.focus();
  row?.click();
}

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches?.(TEXT_INPUTS)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      selectNeighbour(key === "j" ? 1 : -1);
      event.preventDefault();
      return;
    }
    const element = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
    if (!element) return;
    event.preventDefault();
    if (element.matches(TEXT_INPUTS)) element.focus();
    else element.click();
  });
}
