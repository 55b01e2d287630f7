// Keys of the desk: J and K select the next and the previous case, and any element with `data-shortcut` answers to its letter.

const TEXT_INPUTS = "input, textarea, select, [contenteditable]";

/** Opens the case so many rows further down the list. */
function selectNeighbour(offset) {
  const rows = [...document.querySelectorAll("[data-case-list] [data-case-id]")];
  if (!rows.length) return;
  const current = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const row = rows[Math.max(0, Math.min(rows.length - 1, current + offset))];
  row.focus();
  row.click();
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
