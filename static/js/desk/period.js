// The time bar: two handles whose stretch of days becomes the list's period. Counts follow while a handle moves.
import { say } from "../page/words.js";
import { changed, show } from "./filters.js";

const DAY = 86_400_000;
const REST = 250; // milliseconds after the last of several keys
const bar = () => document.getElementById("timebar");
const dayOf = (text, days) => new Date(Date.parse(`${text}T00:00:00Z`) + days * DAY);
const iso = (day) => day.toISOString().slice(0, 10);

function inWords(day, more = {}) {
  const year = day.getUTCFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return new Intl.DateTimeFormat("ja-JP", { timeZone: "UTC", ...year, month: "long", day: "numeric", ...more }).format(day);
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** What the handles stand for: first and last day (null at the ends of the bar), bars, and how many cases have a day there. */
export function chosenOf({ start, step, begins, ends }, from, to) {
  const bars = begins.length;
  return {
    first: from > 0 ? dayOf(start, from * step) : null,
    last: to < bars ? dayOf(start, to * step - 1) : null,
    count: sum(begins.slice(0, to)) - sum(ends.slice(0, from)),
  };
}

function wordsOf({ first, last, count }) {
  const days = first && last ? `${inWords(first)}〜${inWords(last)}` : first ? say("periodFrom", { day: inWords(first) }) : last ? say("periodTo", { day: inWords(last) }) : say("periodAll");
  return `${days}・${say("cases", { n: count.toLocaleString("ja-JP") })}`;
}

function read(place) {
  const data = JSON.parse(place.querySelector("[data-period]").dataset.period);
  const [from, to] = place.querySelectorAll(".handle");
  return { data, from, to, chosen: chosenOf(data, Number(from.value), Number(to.value)) };
}

/** Words and bars for the handles as they stand; `count` is the portal's own, which knows days inside a bar. */
function draw(place, count) {
  const { from, to, chosen } = read(place);
  const weekday = { weekday: "short" };
  from.setAttribute("aria-valuetext", chosen.first ? say("periodFrom", { day: inWords(chosen.first, weekday) }) : say("periodStart"));
  to.setAttribute("aria-valuetext", chosen.last ? say("periodTo", { day: inWords(chosen.last, weekday) }) : say("periodEnd"));
  place.querySelectorAll("rect").forEach((rect, n) => rect.classList.toggle("is-selected", n >= Number(from.value) && n < Number(to.value)));
  place.querySelector("[data-period-words]").textContent = wordsOf(count === undefined ? chosen : { ...chosen, ...asked(), count });
}

/** The days of the filter itself, which need not be those of whole bars. */
function asked() {
  const words = changed({});
  const day = (name) => (words.get(name) ? dayOf(words.get(name), 0) : null);
  return { first: day("from"), last: day("to") };
}

/** A handle never passes the other; one bar stays between them. */
function keepApart(place, moved) {
  const { from, to } = read(place);
  if (moved === from) from.value = Math.min(from.value, to.value - 1);
  else to.value = Math.max(to.value, Number(from.value) + 1);
}

export function watchPeriod() {
  const place = bar();
  if (!place) return;
  place.addEventListener("htmx:afterSwap", () => draw(place, Number(place.querySelector("[data-period-words]").dataset.count)));
  place.addEventListener("input", (event) => {
    keepApart(place, event.target);
    draw(place);
  });
  let waiting;
  place.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const { first, last } = read(place).chosen;
      show(changed({ from: first && iso(first), to: last && iso(last) }), { from: "period" });
    }, REST);
  });
  document.addEventListener("cases:filter", ({ detail }) => {
    const { htmx } = window.madoguchi;
    if (detail.from === "period") return;
    htmx.trigger(place, "htmx:abort");
    htmx.ajax("GET", `/desk/period?${detail.listed}`, { target: "#timebar", source: place }).catch(() => {});
  });
}
