// The list under another filter: only the list is asked anew, map and drawer stay as they are and follow the address.

const pane = () => document.getElementById("pane");

/** The words of the filter in an address, without those of the page and of the case. */
function filterOf(address) {
  const words = new URLSearchParams(new URL(address, location.href).search);
  words.delete("tab");
  return words;
}

/** Gives what is in the drawer the address of the list as it is now; its tab stays. */
function refit(query) {
  const drawer = document.getElementById("drawer");
  for (const element of drawer.querySelectorAll("[href^='/desk'], [action^='/desk']")) {
    for (const name of ["href", "action", "hx-get"]) {
      const was = element.getAttribute(name);
      if (!was || was.includes("/files/")) continue;
      const address = new URL(was, location.href);
      const words = new URLSearchParams(query);
      const tab = address.searchParams.get("tab");
      if (tab) words.set("tab", tab);
      element.setAttribute(name, address.pathname + search(words));
    }
  }
  window.madoguchi.htmx.process(drawer);
}

const search = (words) => (String(words) ? `?${words}` : "");

/**
 * Shows the list under a filter. `from` says who asks ("period": the time bar, which knows its own part already);
 * `keep`: the address is changed without a step to go back to.
 */
export async function show(words, { from = "", keep = false } = {}) {
  const { htmx } = window.madoguchi;
  const [before, source] = [pane(), document.getElementById("main")];
  const within = before.contains(document.activeElement);
  htmx.trigger(source, "htmx:abort"); // of two wishes the later one counts
  await htmx.ajax("GET", `/desk${search(words)}`, { source, target: "#pane", swap: "outerHTML" }).catch(() => {});
  const list = pane();
  if (list === before) return;
  // only now: another case may have been opened meanwhile
  const chosen = /\/cases\/(\d+)/.exec(location.pathname)?.[1];
  const address = (chosen ? `/desk/cases/${chosen}` : "/desk") + search(words);
  history[keep ? "replaceState" : "pushState"]({ htmx: true }, "", address);
  refit(list.dataset.query);
  if (chosen) list.querySelector(`[data-case-id="${chosen}"]`)?.setAttribute("aria-current", "true");
  if (within) list.querySelector("[data-case-list]").focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("cases:filter", { detail: { query: list.dataset.mapQuery, listed: list.dataset.query, from } }));
}

/** A case that was asked for before the filter changed comes with the old one. */
function keepFilter(event) {
  if (event.detail.target.id !== "drawer" || !pane()) return;
  const words = changed({});
  if (String(filterOf(location.href)) === String(words)) return;
  const tab = new URLSearchParams(location.search).get("tab");
  if (tab) words.set("tab", tab);
  history.replaceState(history.state, "", location.pathname + search(words));
  refit(pane().dataset.query);
}

/** The filter of the page with some words changed (none for null), from its first page on. */
export function changed(changes) {
  const words = filterOf(`?${pane().dataset.query}`);
  for (const [name, value] of Object.entries(changes)) value === null ? words.delete(name) : words.set(name, value);
  return words;
}

function onForm(event) {
  const form = event.target.closest("form[data-filter]");
  if (!form || !pane()) return;
  event.preventDefault();
  const words = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  if (!pane().contains(form)) {
    // the search stands outside the list and keeps its view alone
    const view = changed({}).get("view");
    view ? words.set("view", view) : words.delete("view");
  }
  show(words);
}

function onLink(event) {
  const link = event.target.closest?.("#pane a[href^='/desk?'], #pane a[href='/desk'], a[data-filter]");
  if (!link || !pane() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(filterOf(link.href));
}

export function watchFilters() {
  document.addEventListener("submit", onForm);
  document.addEventListener("htmx:afterSettle", keepFilter);
  document.addEventListener("click", onLink);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-in-view]")) show(changed({ bbox: document.getElementById("map").dataset.bbox }));
  });
  document.addEventListener("map:moved", ({ detail }) => {
    const words = pane() && changed({});
    if (words?.has("bbox") && words.get("bbox") !== detail.bbox) show(changed({ bbox: detail.bbox }), { keep: true, from: "map" });
  });
  document.addEventListener("map:area", ({ detail }) => show(changed({ area: detail.area })));
}
