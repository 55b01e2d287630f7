// What follows from an answer is shown while it is given: a form (`data-live`) or a map (`data-live-url`)
// is sent after a change, and the answer takes the place of the target.
import { textOf } from "./autosave.js";
import { htmx } from "./requests.js";

const DELAY = 300;

/** @returns {{url: string, target: string} | null} where a change of this input has to be told */
function addressOf(input) {
  const typed = input.closest("[data-place-typed]");
  const geometry = typed ? `${typed.dataset.placeTyped}.geometry` : input.id;
  const map = geometry && document.querySelector(`[data-live-url][data-geometry-input="${CSS.escape(geometry)}"]`);
  if (map) return { url: map.dataset.liveUrl, target: map.dataset.liveTarget };
  const form = input.closest("form[data-live]");
  return form && { url: form.dataset.live, target: form.dataset.liveTarget };
}

function ask(form, { url, target }) {
  const values = {};
  for (const [name, value] of textOf(form)) (values[name] ??= []).push(value);
  // not the form itself: it would send its files with every change
  htmx.ajax("POST", url, { source: document.body, target, swap: "innerHTML", values });
}

const inputsOf = (frame) => [...frame.querySelectorAll("input[name], select[name], textarea[name]")];
const ticked = (input) => input.type === "radio" || input.type === "checkbox";
const rowsOf = (frame) => frame.querySelectorAll("[data-group-row]").length;

/** Puts what stands in the inputs of a frame now into the one that takes its place: the answer was asked for a moment ago. */
export function keepTyped(frame, following) {
  const inputs = inputsOf(frame).filter((input) => input.name !== "shown" && input.type !== "file");
  for (const next of inputsOf(following)) {
    const same = inputs.filter((input) => input.name === next.name);
    if (ticked(next)) {
      const own = same.find((input) => ticked(input) && input.value === next.value);
      if (own) next.checked = own.checked;
    } else if (same.length === 1 && !ticked(same[0]) && next.type !== "file") {
      next.value = same[0].value;
    }
  }
}

export function watchLive() {
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    // rows that came or went since then are told in an answer of their own
    if (rowsOf(target) !== rowsOf(fragment)) event.detail.shouldSwap = false;
    else keepTyped(target, fragment);
  });
  const waiting = new WeakMap();
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    const address = form && addressOf(event.target);
    if (!address || event.target.type === "file") return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => ask(form, address), DELAY));
  });
}
