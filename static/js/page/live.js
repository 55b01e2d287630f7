// What follows from an answer is shown while it is given: a form (`data-live`) or a map (`data-live-url`) is posted after a change, and the
// response replaces the content of the target.
import { formValues } from "./autosave.js";
import { htmx } from "./requests.js";

const DEBOUNCE = 300;

/** @returns {{url: string, target: string} | null} where the form is posted when this input changes */
function endpointOf(input) {
  const typed = input.closest("[data-place-typed]");
  const geometry = typed ? `${typed.dataset.placeTyped}.geometry` : input.id;
  const map = geometry && document.querySelector(`[data-live-url][data-geometry-input="${CSS.escape(geometry)}"]`);
  if (map) return { url: map.dataset.liveUrl, target: map.dataset.liveTarget };
  const form = input.closest("form[data-live]");
  return form && { url: form.dataset.live, target: form.dataset.liveTarget };
}

function post(form, { url, target }) {
  const values = {};
  for (const [name, value] of formValues(form)) (values[name] ??= []).push(value);
  // not the form itself: it would send its files with every change
  htmx.ajax("POST", url, { source: document.body, target, swap: "innerHTML", values });
}

const inputsOf = (frame) => [...frame.querySelectorAll("input[name], select[name], textarea[name]")];
const isCheckable = (input) => input.type === "radio" || input.type === "checkbox";
/** How many rows its groups must have: where another answer changes that, the page brings them. */
const limitsOf = (frame) => [...frame.querySelectorAll("[data-group]")].map((group) => `${group.dataset.min}-${group.dataset.max}`).join();
const rowsOf = (frame) => frame.querySelectorAll("[data-group-row]").length;

const marksOf = (frame) => [...frame.querySelectorAll('[name="shown-questions"]')].map((mark) => mark.value);

/** Whether an input still stands as the page brought it. */
function isUntouched(input) {
  if (isCheckable(input)) return input.checked === input.defaultChecked;
  if (input.tagName === "SELECT") return [...input.options].every((option) => option.selected === option.defaultSelected);
  return input.value === input.defaultValue;
}

/** Whether a frame shows, or is about to show, an answer that the definition fills in, and nobody has written another. */
function followsDefault(frame, replacement, inputs) {
  const marks = [...marksOf(frame), ...marksOf(replacement)];
  return marks.some((mark) => mark.includes(".-default.")) && inputs.every(isUntouched);
}

/** Copies the input of a frame into the one that replaces it: the response belongs to the input of a moment ago. */
export function keepInput(frame, replacement) {
  const inputs = inputsOf(frame).filter((input) => input.name !== "shown-questions" && input.type !== "file");
  if (followsDefault(frame, replacement, inputs)) return;
  for (const next of inputsOf(replacement)) {
    const same = inputs.filter((input) => input.name === next.name);
    if (isCheckable(next)) {
      const own = same.find((input) => isCheckable(input) && input.value === next.value);
      if (own) next.checked = own.checked;
    } else if (same.length === 1 && !isCheckable(same[0]) && next.type !== "file") {
      next.value = same[0].value;
    }
  }
}

export function watchLive() {
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    // rows that were added or removed since then get a response of their own
    if (rowsOf(target) !== rowsOf(fragment) && limitsOf(target) === limitsOf(fragment)) event.detail.shouldSwap = false;
    else keepInput(target, fragment);
  });
  const timers = new WeakMap();
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    const endpoint = form && endpointOf(event.target);
    if (!endpoint || event.target.type === "file") return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => post(form, endpoint), DEBOUNCE));
  });
}
