// The time bar: two handles whose range of days becomes the list's period. Counts follow while a handle moves.
import { CASES_FILTERED } from "../events.js";
import { translate } from "../page/messages.js";
import { applyFilter, filterWith } from "./filters.js";

const DAY = 86_400_000;
const DEBOUNCE = 250; // milliseconds after the last of several keys

const addDays = (isoDate, days) => new Date(Date.parse(`${isoDate}T00:00:00Z`) + days * DAY);
const toIsoDate = (day) => day.toISOString().slice(0, 10);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

function formatDay(day, options = {}) {
  const year = day.getUTCFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return new Intl.DateTimeFormat("ja-JP", { timeZone: "UTC", ...year, month: "long", day: "numeric", ...options }).format(day);
}

/** What the handles select: first and last day (null at the ends of the bar), and how many cases have a day in between. */
export function selectionOf({ start, step, begins, ends }, from, to) {
  const columns = begins.length;
  return {
    first: from > 0 ? addDays(start, from * step) : null,
    last: to < columns ? addDays(start, to * step - 1) : null,
    count: sum(begins.slice(0, to)) - sum(ends.slice(0, from)),
  };
}

function describe({ first, last, count }) {
  const days = first && last ? `${formatDay(first)}〜${formatDay(last)}` : first ? translate("periodFrom", { day: formatDay(first) }) : last ? translate("periodTo", { day: formatDay(last) }) : translate("periodAll");
  return `${days}・${translate("cases", { n: count.toLocaleString("ja-JP") })}`;
}

function read(bar) {
  const data = JSON.parse(bar.querySelector("[data-period]").dataset.period);
  const [from, to] = bar.querySelectorAll(".handle");
  return { from, to, selection: selectionOf(data, Number(from.value), Number(to.value)) };
}

/** Draws the selection of the handles; `count` is the portal's own, which knows days inside a column. */
function render(bar, count) {
  const { from, to, selection } = read(bar);
  const weekday = { weekday: "short" };
  from.setAttribute("aria-valuetext", selection.first ? translate("periodFrom", { day: formatDay(selection.first, weekday) }) : translate("periodStart"));
  to.setAttribute("aria-valuetext", selection.last ? translate("periodTo", { day: formatDay(selection.last, weekday) }) : translate("periodEnd"));
  bar.querySelectorAll("rect").forEach((rect, n) => rect.classList.toggle("is-selected", n >= Number(from.value) && n < Number(to.value)));
  bar.querySelector("[data-period-text]").textContent = describe(count === undefined ? selection : { ...selection, ...filterDays(), count });
}

/** The days of the filter itself, which need not be those of whole columns. */
function filterDays() {
  const params = filterWith({});
  const day = (name) => (params.get(name) ? addDays(params.get(name), 0) : null);
  return { first: day("from"), last: day("to") };
}

/** A handle never passes the other; one column stays between them. */
function keepApart(bar, handle) {
  const { from, to } = read(bar);
  if (handle === from) from.value = Math.min(from.value, to.value - 1);
  else to.value = Math.max(to.value, Number(from.value) + 1);
}

export function watchPeriod() {
  const bar = document.getElementById("timebar");
  if (!bar) return;
  bar.addEventListener("htmx:afterSwap", () => render(bar, Number(bar.querySelector("[data-period-text]").dataset.count)));
  bar.addEventListener("input", (event) => {
    keepApart(bar, event.target);
    render(bar);
  });
  let timer;
  bar.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { first, last } = read(bar).selection;
      applyFilter(filterWith({ from: first && toIsoDate(first), to: last && toIsoDate(last) }), { from: "period" });
    }, DEBOUNCE);
  });
  document.addEventListener(CASES_FILTERED, ({ detail }) => {
    const { htmx } = window.madoguchi;
    if (detail.from === "period") return;
    htmx.trigger(bar, "htmx:abort");
    htmx.ajax("GET", `/desk/period?${detail.listQuery}`, { target: "#timebar", source: bar }).catch(() => {});
  });
}
