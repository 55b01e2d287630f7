// Another size of text at once, so that the reader's place is kept; the link does the same with a new page. Remembered for a year.

const YEAR = 365 * 24 * 3600;

export function watchTextSize() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-text-size]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const size = link.dataset.textSize;
    document.documentElement.dataset.text = size;
    for (const each of document.querySelectorAll("a[data-text-size]")) {
      if (each.dataset.textSize === size) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    document.cookie = `text_size=${size};path=/;max-age=${YEAR};SameSite=Lax${location.protocol === "https:" ? ";Secure" : ""}`;
  });
}
