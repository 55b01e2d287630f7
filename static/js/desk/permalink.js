// A link to what the page shows: the filter, the open case, where the map looks and which layers are on. No words that were looked for.

/** Where the map looks and which layers are on in which order over which base, as parameters of an address. */
function mapState() {
  const params = new URLSearchParams();
  const { at, layers, baseMap } = document.getElementById("map")?.dataset ?? {};
  if (at) params.set("at", at);
  if (layers) params.set("layers", layers);
  if (baseMap) params.set("base", baseMap);
  return params;
}

/** The address of what the page shows. */
function permalink() {
  const params = new URLSearchParams(document.getElementById("pane").dataset.sharedQuery);
  const tab = new URLSearchParams(location.search).get("tab");
  if (tab && location.pathname !== "/desk") params.set("tab", tab);
  for (const [name, value] of mapState()) params.set(name, value);
  return `${location.origin}${location.pathname}?${String(params).replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}

export function watchPermalink() {
  document.addEventListener("toggle", ({ target }) => {
    const field = target.open && target.querySelector?.("[data-permalink]");
    if (field) field.value = permalink();
  }, { capture: true });
  // what is kept takes the map along
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("[data-with-map]");
    if (!link) return;
    const url = new URL(link.href);
    for (const [name, value] of mapState()) url.searchParams.set(name, value);
    link.href = url.href;
  }, { capture: true });
  document.addEventListener("click", async ({ target }) => {
    const panel = target.closest?.("[data-copy-link]")?.parentElement;
    if (!panel) return;
    const field = panel.querySelector("[data-permalink]");
    field.value = permalink();
    field.select();
    // without a secure address there is no clipboard: the link stands selected
    const copied = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
    panel.querySelector("[data-copied]").hidden = !copied;
  });
}
