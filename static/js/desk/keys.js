// Keys of the desk: J and K select the next and the previous case, any element with `data-shortcut` answers to its letter, ? lists them all, Ctrl+Enter confirms.
import { currentRow, neighbourRow } from "./case-list.js";

const TEXT_INPUTS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const OFF = "single-keys-off";

/** Whether this browser's user switched single keys off; a browser that keeps nothing has them on. */
function areOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

/** Opens the case so many rows further down the list. */
function selectNeighbour(offset) {
  const row = neighbourRow(offset);
  row?.focus();
  row?.click();
}

const ACTS = {
  j: () => selectNeighbour(1),
  k: () => selectNeighbour(-1),
  l: () => (currentRow() ?? neighbourRow(0))?.focus(),
  c: () => document.querySelector("#drawer h2")?.focus(),
  x: () => (document.activeElement?.closest("[data-case-id]") ?? currentRow())?.closest(".case-row, tr")?.querySelector("input[type=checkbox]")?.click(),
  "?": () => document.querySelector("[data-keys]").showModal(),
};

/** The list of keys, with the switch as this browser keeps it. */
function watchSwitch() {
  const box = document.querySelector("[data-keys-on]");
  if (!box) return;
  box.checked = !areOff();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, box.checked ? "0" : "1");
    } catch {
      box.checked = true; // a browser that keeps nothing
    }
  });
}

/** Ctrl+Enter (Command on a Mac) carries out what a dialog asks, wherever the focus is in it; what has to be written is asked for as by its button. */
function confirmDialog(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return false;
  const form = document.querySelector("dialog[open] form:has([aria-keyshortcuts])");
  if (!form) return false;
  event.preventDefault();
  form.requestSubmit(form.querySelector('[aria-keyshortcuts="Control+Enter"]'));
  return true;
}

export function watchKeys() {
  watchSwitch();
  document.addEventListener("keydown", (event) => {
    if (confirmDialog(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches?.(TEXT_INPUTS)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (areOff()) return;
    const key = event.key.toLowerCase();
    if (key in ACTS && document.querySelector("[data-keys]")) {
      ACTS[key]();
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
