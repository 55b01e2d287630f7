// Places come up while one types an address or a name (`data-place-finder`). Without this script a button asks for them.
import { csrfToken, NEW_TOKEN, renewToken } from "./token.js";

const DELAY = 300;

async function find(box, input) {
  const words = input.value.trim();
  const body = new URLSearchParams({ place: box.dataset.placeFinder, words });
  const response = await fetch("/map/places", { method: "POST", headers: { "X-CSRFToken": csrfToken() }, body }).catch(() => null);
  if (!response) return;
  renewToken(response.headers.get(NEW_TOKEN));
  if (!response.ok || words !== input.value.trim()) return;
  box.querySelector("[data-place-list]").innerHTML = await response.text();
}

export function watchPlaceFinders() {
  const timers = new WeakMap();
  const boxOf = (event) => event.target.closest?.("[data-place-finder]");
  const inputOf = (box) => box.querySelector("input[type=search]");
  document.addEventListener("input", (event) => {
    const box = boxOf(event);
    if (!box || event.target !== inputOf(box)) return;
    clearTimeout(timers.get(box));
    if (!event.isComposing && event.target.value.trim()) timers.set(box, setTimeout(() => find(box, event.target), DELAY));
  });
  // what is looked for is no answer: nothing is saved or worked out of it
  document.addEventListener("change", (event) => event.target.type === "search" && boxOf(event) && event.stopPropagation(), { capture: true });
  document.addEventListener("keydown", (event) => {
    const box = boxOf(event);
    if (!box || event.target !== inputOf(box) || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    find(box, event.target);
  });
  document.addEventListener("click", (event) => {
    const box = boxOf(event);
    if (!box || !event.target.closest('[name="find-options"]')) return;
    event.preventDefault();
    find(box, inputOf(box));
  });
}
