// The list under another filter: only the list is loaded again; map and drawer stay as they are and follow the address.
import { CASES_FILTERED, MAP_AREA_DRAWN, MAP_DISPLAY_CHOSEN, MAP_MOVED } from "../events.js";
import { carryCurrentRow } from "./case-list.js";

const findPane = () => document.getElementById("pane");
const openedCase = () => /\/cases\/(\d+)/.exec(location.pathname)?.[1];
/** The list as it is shown: what took its place is another element. */
let shownPane = null;

/** The parameters of the filter in a URL, without the drawer's tab and the state of the map that a link brought. */
function filterOf(url) {
  const params = new URLSearchParams(new URL(url, location.href).search);
  for (const name of ["tab", "file", "page", "at", "layers", "base"]) params.delete(name);
  return params;
}

const queryString = (params) => (String(params) ? `?${params}` : "");

/** Points every link and form in the drawer at the list as it is now; its tab stays. */
function updateDrawerLinks(query) {
  const drawer = document.getElementById("drawer");
  for (const element of drawer.querySelectorAll("[href^='/desk'], [action^='/desk']")) {
    for (const name of ["href", "action", "hx-get"]) {
      const value = element.getAttribute(name);
      if (!value || value.includes("/files/")) continue;
      const url = new URL(value, location.href);
      const params = new URLSearchParams(query);
      for (const part of ["tab", "file", "page"]) if (url.searchParams.has(part)) params.set(part, url.searchParams.get(part));
      element.setAttribute(name, url.pathname + queryString(params));
    }
  }
  window.madoguchi.htmx.process(drawer);
}

/**
 * Shows the list under a filter. `from`: who changes it ("period", the time bar, shows its own part already);
 * `replace`: the address changes without a step to go back to.
 */
export async function applyFilter(params, { from = "", replace = false } = {}) {
  const { htmx } = window.madoguchi;
  const [previous, source] = [findPane(), document.getElementById("main")];
  const hadFocus = previous.contains(document.activeElement);
  htmx.trigger(source, "htmx:abort"); // of two requests the later one counts
  await htmx.ajax("GET", `/desk${queryString(params)}`, { source, target: "#pane", swap: "outerHTML" }).catch(() => {});
  const pane = findPane();
  if (pane === previous) return;
  // only now: another case may have been opened meanwhile
  const caseId = openedCase();
  const url = (caseId ? `/desk/cases/${caseId}` : "/desk") + queryString(params);
  history[replace ? "replaceState" : "pushState"]({ htmx: true }, "", url);
  updateDrawerLinks(pane.dataset.query);
  if (hadFocus) pane.querySelector("[data-case-list]").focus({ preventScroll: true });
  const { mapQuery, query } = pane.dataset;
  document.dispatchEvent(new CustomEvent(CASES_FILTERED, { detail: { query: mapQuery, listQuery: query, from } }));
}

/** At the moment at which a list takes the place of another, before any key: a case that was pressed and is still on its way is not in the address yet. */
function keepCurrentRow() {
  const pane = findPane();
  if (pane && shownPane && pane !== shownPane) carryCurrentRow(shownPane, pane, openedCase());
  shownPane = pane;
}

/** A case that was requested before the filter changed arrives with the old filter in its address. */
function keepFilter(event) {
  if (event.detail.target.id !== "drawer" || !findPane()) return;
  const params = filterWith({});
  if (String(filterOf(location.href)) === String(params)) return;
  const here = new URLSearchParams(location.search);
  for (const part of ["tab", "file", "page"]) if (here.has(part)) params.set(part, here.get(part));
  history.replaceState(history.state, "", location.pathname + queryString(params));
  updateDrawerLinks(findPane().dataset.query);
}

/** The filter of the page with some parameters changed (removed for null), from its first page on. */
export function filterWith(changes) {
  const params = filterOf(`?${findPane().dataset.query}`);
  for (const [name, value] of Object.entries(changes)) value === null ? params.delete(name) : params.set(name, value);
  return params;
}

function onSubmit(event) {
  const form = event.target.closest("form[data-filter]");
  if (!form || !findPane()) return;
  event.preventDefault();
  const params = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  if (!findPane().contains(form)) {
    // the search form is outside the list and keeps only its view and how cases are shown
    for (const name of ["view", "display", "layout"]) {
      const value = filterWith({}).get(name);
      value ? params.set(name, value) : params.delete(name);
    }
  }
  applyFilter(params);
}

function onLink(event) {
  const link = event.target.closest?.("#pane a[href^='/desk?'], #pane a[href='/desk'], a[data-filter]");
  if (!link || link.matches("[data-whole-page]") || !findPane() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  applyFilter(filterOf(link.href));
}

export function watchFilters() {
  document.addEventListener("submit", onSubmit);
  shownPane = findPane();
  document.addEventListener("htmx:afterSwap", keepCurrentRow);
  document.addEventListener("htmx:afterSettle", keepFilter);
  document.addEventListener("click", onLink);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-in-view]")) applyFilter(filterWith({ bbox: document.getElementById("map").dataset.bbox }));
  });
  document.addEventListener(MAP_MOVED, ({ detail }) => {
    const params = findPane() && filterWith({});
    if (!params?.has("bbox") || params.get("bbox") === detail.bbox) return;
    applyFilter(filterWith({ bbox: detail.bbox }), { replace: true, from: "map" });
  });
  document.addEventListener(MAP_DISPLAY_CHOSEN, ({ detail }) => applyFilter(filterWith({ display: detail.display }), { replace: true }));
  document.addEventListener(MAP_AREA_DRAWN, ({ detail }) => applyFilter(filterWith(detail)));
}
