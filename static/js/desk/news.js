// What others do meanwhile: the list says that there are news and shows them when somebody asks for them, never under the hand; the case
// says who else has it open.
import { applyFilter, filterWith } from "./filters.js";
import { csrfToken } from "../page/token.js";

const EVERY = 20_000;
let timer = 0;
/** False once the visit has ended: the page asks no more. */
let asking = true;

const find = (selector) => document.querySelector(selector);

/** Whether something stands in the boxes of a drawer that was not there when it was opened. */
export function isWriting(boxes) {
  return [...boxes].some((box) => box.value.trim() && box.value !== box.defaultValue);
}

function show(element, words) {
  if (!element || element.dataset.told === words) return;
  element.dataset.told = words;
  element.hidden = !words;
  element.title = words;
  element.querySelector("span").textContent = words;
}

async function ask() {
  clearTimeout(timer);
  if (!asking || document.hidden) return;
  const pane = find("#pane");
  const opened = find("#drawer [data-case]")?.dataset.case ?? "";
  const writing = isWriting(document.querySelectorAll("#drawer :is(textarea, input[type=text])")) ? "1" : "0";
  const body = new URLSearchParams({ since: pane.dataset.news, case: opened, writing, csrf_token: csrfToken() });
  const answer = await fetch(`/desk/news?${pane.dataset.query}`, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (answer?.ok) {
    const { news, colleagues } = await answer.json();
    if (pane === find("#pane")) show(find("[data-news-bar]"), news);
    if (opened === (find("#drawer [data-case]")?.dataset.case ?? "")) show(find("[data-presence]"), colleagues);
  } else if (answer && answer.status !== 503) {
    asking = false;
    return;
  }
  clearTimeout(timer);
  timer = setTimeout(ask, EVERY);
}

/** The list anew, standing where it stood. */
async function showNews() {
  const { scrollTop } = find("[data-case-list]");
  await applyFilter(filterWith({}), { replace: true });
  const list = find("[data-case-list]");
  list.scrollTop = scrollTop;
  list.focus({ preventScroll: true });
}

export function watchNews() {
  if (!find("#pane[data-news]")) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-show-news]")) showNews();
  });
  document.addEventListener("visibilitychange", ask);
  find("#drawer").addEventListener("htmx:afterSwap", ask);
  ask();
}
