// Larger text on request, remembered for a year; the server writes the attribute, so that pages do not jump.

const YEAR = 365 * 24 * 3600;

export function watchTextSize() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-text-size]");
    if (!button) return;
    const large = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(large));
    if (large) document.documentElement.dataset.text = "large";
    else delete document.documentElement.dataset.text;
    document.cookie = `text_size=${large ? "large" : ""};path=/;max-age=${large ? YEAR : 0};SameSite=Lax`;
  });
}
