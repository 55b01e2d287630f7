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

export function watchLive() {
  const waiting = new WeakMap();
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    const address = form && addressOf(event.target);
    if (!address || event.target.type === "file") return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => ask(form, address), DELAY));
  });
}
