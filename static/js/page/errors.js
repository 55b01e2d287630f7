// On a page with errors the reader starts at their summary.

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
