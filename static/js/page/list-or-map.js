// On a phone a list and its map take turns (`data-list-or-map`); where both have room, the style sheet shows both.

export function watchListOrMap() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-show]");
    const page = button?.closest("[data-list-or-map]");
    if (!page) return;
    page.dataset.listOrMap = button.dataset.show;
    for (const each of page.querySelectorAll("[data-show]")) each.setAttribute("aria-pressed", String(each === button));
  });
}
