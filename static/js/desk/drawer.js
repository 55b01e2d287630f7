// The drawer beside the map: on narrow screens it lies over everything, so it can be closed, and closing gives the focus back.
import { CASE_COMPARE, CASE_SHOWN } from "../events.js";

const findDrawer = () => document.getElementById("drawer");

function close(url) {
  const row = document.querySelector("[data-case-list] [aria-current]");
  findDrawer().replaceChildren();
  document.querySelector(".work")?.classList.remove("has-case");
  history.pushState(null, "", url);
  row?.focus();
  row?.removeAttribute("aria-current");
  tellCase();
}

/** Says which case the drawer shows, and where its places are. */
function tellCase() {
  const { case: caseId = null, extent } = findDrawer().querySelector("[data-case]")?.dataset ?? {};
  document.dispatchEvent(new CustomEvent(CASE_SHOWN, { detail: { caseId, extent } }));
}

/** Shows on the large map what the small one shows; the link leads there where the large one is out of sight. */
function compare() {
  const { mapPlace } = findDrawer().querySelector("[data-map-place]").dataset;
  requestAnimationFrame(() => document.dispatchEvent(new CustomEvent(CASE_COMPARE, { detail: JSON.parse(mapPlace) })));
}

/** After an act the page comes anew: whoever pressed goes on at the case and hears what was done. */
function focusWhatWasDone() {
  if (document.activeElement === document.body) findDrawer().querySelector("[data-focus]")?.focus();
}

/** A dialog that the server rejected comes back open, with what was typed. */
function reopenDialog() {
  document.querySelector("dialog[data-open-on-load]")?.showModal();
}

export function watchDrawer() {
  const drawer = findDrawer();
  if (!drawer) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-compare]")) compare();
    const link = event.target.closest?.("[data-close-drawer]");
    if (!link) return;
    event.preventDefault();
    close(link.href);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]") || event.target.closest?.("input, textarea, select")) return;
    drawer.querySelector("[data-close-drawer]")?.click();
  });
  drawer.addEventListener("htmx:afterSwap", () => {
    drawer.closest(".work").classList.add("has-case");
    tellCase();
    // a script or a pin may have opened it: on narrow screens the reader is led there
    if (getComputedStyle(drawer).position !== "static") drawer.querySelector("[data-close-drawer]")?.focus();
  });
  tellCase();
  focusWhatWasDone();
  reopenDialog();
}
