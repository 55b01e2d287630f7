// The address of the staff map says which layers are on, in which order, how much of each is seen and over which base: a reload, a
// bookmark and whoever gets the address see the same. What the page begins with is not said.
import { CASE_SHOWN, CASES_FILTERED } from "../events.js";
import { frameOf } from "./frame.js";

const written = (params) => String(params).replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");

/** Lets the address follow what the frame of a map says of itself (`data-layers`, `data-base-map`). `start`: what a page begins with. */
export function wireAddress(map, start) {
  const frame = frameOf(map);
  const say = () => {
    const url = new URL(location.href);
    const { layers, baseMap: base } = frame.dataset;
    for (const [name, value] of Object.entries({ layers, base })) {
      if (!value || value === start[name]) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    const query = written(url.searchParams);
    const address = url.pathname + (query && `?${query}`) + url.hash;
    if (address !== location.pathname + location.search + location.hash) history.replaceState(history.state, "", address);
  };
  new MutationObserver(say).observe(frame, { attributes: true, attributeFilter: ["data-layers", "data-base-map"] });
  // whoever opens a case or changes the list has given the page an address that says nothing of layers
  document.addEventListener(CASE_SHOWN, say);
  document.addEventListener(CASES_FILTERED, say);
  document.addEventListener("htmx:pushedIntoHistory", say);
  document.addEventListener("htmx:afterSettle", say);
  say();
}
