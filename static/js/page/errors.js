// On a page with errors the reader starts at their summary; an error leaves once its cause is gone.

/** The element that takes the focus for a question: its map if it has one, the first input of several, or the question itself. */
function focusTarget(field) {
  if (!field.matches("fieldset")) return field;
  const map = document.querySelector(`[data-map-field="${CSS.escape(field.id)}"] .leaflet-container`);
  return map ?? field.querySelector("input:not([type=hidden]), select, textarea") ?? field;
}

export function focusErrors() {
  document.querySelector("[data-error-summary]")?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".note--error a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const input = focusTarget(field);
    input.focus();
    (input.closest(".map") ?? field).scrollIntoView({ block: "center" });
  });
}

/** Whether one of these paths is the question of an input, or a part of it. */
export const concerns = (paths, id) => paths.some((path) => path === id || path.startsWith(`${id}.`) || id.startsWith(`${path}.`));

/** Takes an error away from its field: the words, and the mark on its inputs. */
function clearField(id) {
  const error = document.getElementById(`${id}-error`);
  if (!error) return;
  for (const input of document.querySelectorAll(`[aria-describedby~="${CSS.escape(error.id)}"]`)) {
    const others = input.getAttribute("aria-describedby").split(" ").filter((each) => each && each !== error.id);
    if (others.length) input.setAttribute("aria-describedby", others.join(" "));
    else input.removeAttribute("aria-describedby");
    input.removeAttribute("aria-invalid");
  }
  error.remove();
}

/** Takes away the errors of a page that are none any more. `faults` are the paths of what is still to be corrected. */
export function clearErrors(faults) {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  for (const link of summary.querySelectorAll("a[href^='#']")) {
    const id = decodeURIComponent(link.hash.slice(1));
    if (id === "step-form" || concerns(faults, id)) continue;
    clearField(id);
    link.closest("li").remove();
  }
  const left = summary.querySelectorAll("li").length;
  if (!left) return summary.remove();
  const words = summary.querySelector(`[data-left="${left}"]`);
  if (words) summary.querySelector("h2").replaceChildren(words.content.cloneNode(true));
}

export function watchFaults() {
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const faults = detail.target.querySelector("[data-faults]")?.dataset.faults;
    if (faults) clearErrors(JSON.parse(faults));
  });
}
