// The address of the place on the map fills in the question for an address beside it: where nothing is written there by itself, else when
// the reader says so.

const NOTE = "from-the-map";

const inputsOf = (path, parts) => Object.keys(parts).map((part) => [document.getElementById(`${path}.${part}`), parts[part]]).filter(([input]) => input);

/** Fills in the parts of an address. What the map does not say (a house number, a building) stays as it is. */
function fill(inputs) {
  for (const [input, text] of inputs) input.value = text;
  inputs.at(-1)?.[0].dispatchEvent(new Event("change", { bubbles: true }));
}

/** Whether nothing was written that the map could say otherwise. */
export const isFree = (texts) => texts.every((text) => !text.trim());

/** Whether what is written agrees with the map, as far as the map goes: a longer house number does. */
export const agrees = (written, parts) => Object.entries(parts).every(([part, text]) => (written[part] ?? "").startsWith(text));

function note(question, template) {
  const box = document.createElement("div");
  Object.assign(box, { id: `${question.id}-${NOTE}`, className: "note note--small" });
  box.setAttribute("role", "status");
  box.append(template.content.cloneNode(true));
  question.querySelector("legend").after(box);
  return box;
}

function show(found) {
  const { placeAddress: path, parts: text } = found.dataset;
  const question = document.getElementById(path);
  const parts = JSON.parse(text);
  const inputs = question ? inputsOf(path, parts) : [];
  if (!inputs.length) return;
  const written = Object.fromEntries(inputs.map(([input]) => [input.id.slice(path.length + 1), input.value]));
  const before = document.getElementById(`${path}-${NOTE}`);
  if (agrees(written, parts)) return;
  before?.remove();
  // the prefecture may be chosen beforehand
  const own = [...question.querySelectorAll("input.input")].map((input) => input.value);
  if (isFree(own)) {
    fill(inputs);
    note(question, found.querySelector("[data-filled]"));
    return;
  }
  const box = note(question, found.querySelector("[data-offer]"));
  box.querySelector("button").addEventListener("click", () => {
    fill(inputs);
    box.remove();
    inputs.at(-1)[0].focus();
  });
}

export function watchPlaceAddress() {
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    for (const found of detail.target.querySelectorAll("[data-place-address]")) show(found);
  });
}
