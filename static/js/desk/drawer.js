// The drawer beside the map: on narrow screens it lies over everything, so it can be closed, and closing gives the focus back.

const drawer = () => document.getElementById("drawer");

function close(address) {
  const current = document.querySelector("[data-case-list] [aria-current]");
  drawer().replaceChildren();
  document.querySelector(".work")?.classList.remove("has-case");
  history.pushState(null, "", address);
  current?.focus();
  current?.removeAttribute("aria-current");
}

/** Shows on the large map what the small one shows; the link leads there where the large one is out of sight. */
function compare() {
  const { mapPlace } = drawer().querySelector("[data-map-place]").dataset;
  requestAnimationFrame(() => document.dispatchEvent(new CustomEvent("case:compare", { detail: JSON.parse(mapPlace) })));
}

/** A dialog whose answer was refused stands open again, with what was typed. */
function openRefused(root) {
  root.querySelector("dialog[data-shown]")?.showModal();
}

export function watchDrawer() {
  const place = drawer();
  if (!place) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-compare]")) compare();
    const link = event.target.closest?.("[data-close-drawer]");
    if (!link) return;
    event.preventDefault();
    close(link.href);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]") || event.target.closest?.("input, textarea, select")) return;
    if (document.querySelector("details.filter-menu[open]")) return;
    place.querySelector("[data-close-drawer]")?.click();
  });
  place.addEventListener("htmx:afterSwap", () => {
    place.closest(".work").classList.add("has-case");
    // a script or a pin may have opened it: on narrow screens the reader is led there
    if (getComputedStyle(place).position !== "static") place.querySelector("[data-close-drawer]")?.focus();
  });
  // a map that was not to be seen has no size yet
  addEventListener("hashchange", () => dispatchEvent(new Event("resize")));
  openRefused(document);
}
