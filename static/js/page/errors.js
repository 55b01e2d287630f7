// After a page with faults the reader starts at their summary.

export function focusErrors() {
  document.querySelector("[data-error-summary]")?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".note--err a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const first = field.matches("fieldset") ? field.querySelector("input:not([type=hidden]), select, textarea") : null;
    (first ?? field).focus();
    field.scrollIntoView({ block: "center" });
  });
}
