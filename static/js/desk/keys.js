// Keys of the desk: J and K walk the list, and any element with `data-key` answers to its letter.

const TYPING = "input, textarea, select, [contenteditable]";

function walk(step) {
  const rows = [...document.querySelectorAll("[data-case-list] [data-case-id]")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  row.focus();
  row.click();
}

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches?.(TYPING)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      walk(key === "j" ? 1 : -1);
      event.preventDefault();
      return;
    }
    const wanted = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches(TYPING)) wanted.focus();
    else wanted.click();
  });
}
