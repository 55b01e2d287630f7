// The text of a definition: line numbers, what is not saved yet, Ctrl+S, the way from a fault to its line, and what a press writes.
// Tab leaves the text as it leaves every field, so that the keyboard is never caught.
import { flash } from "../page/flash.js";
import { csrfToken } from "../page/token.js";
import { say } from "../page/words.js";

const KEPT = "madoguchi-source";

/** Start and end of a line (from 1) in a text; the last line for a number beyond it. */
export function lineSpan(text, number) {
  const lines = text.split("\n");
  const index = Math.min(Math.max(number, 1), lines.length) - 1;
  const start = lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0);
  return [start, start + lines[index].length];
}

function numbers(area, place) {
  const count = area.value.split("\n").length;
  while (place.childElementCount > count) place.lastElementChild.remove();
  for (let line = place.childElementCount + 1; line <= count; line += 1) {
    const span = document.createElement("span");
    span.textContent = String(line);
    place.append(span);
  }
}

/** Marks the numbers of the lines that the checks name. */
function markFaults(place) {
  for (const span of place.children) span.className = "";
  for (const link of document.querySelectorAll("#faults [data-line]")) {
    const span = place.children[Number(link.dataset.line) - 1];
    const error = link.closest("[data-severity]").dataset.severity === "error";
    if (span && !span.classList.contains("has-error")) span.className = error ? "has-error" : "has-advice";
  }
}

function goTo(area, number) {
  const [start, end] = lineSpan(area.value, number);
  area.focus();
  area.setSelectionRange(start, end);
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (number - 1) * height - area.clientHeight / 3);
  area.scrollLeft = 0;
}

/** A text after edits, `[place, text]` each, in the order given. */
export function edited(text, edits) {
  return edits.reduce((now, [place, more]) => now.slice(0, place) + more + now.slice(place), text);
}

/** Writes into the text as if it had been typed, so that it can be undone, and goes there. */
function write(area, edits) {
  const wanted = edited(area.value, edits);
  area.focus();
  for (const [place, text] of edits) {
    area.setSelectionRange(place, place);
    document.execCommand("insertText", false, text);
  }
  if (area.value !== wanted) area.value = wanted;
  const [place, text] = edits.at(-1);
  goTo(area, wanted.slice(0, place + text.length).trimEnd().split("\n").length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Has the server say what a press writes where; of a text that was typed on meanwhile it is asked again. */
async function takeOffer(form, area, button) {
  const sent = area.value;
  const answer = await fetch(button.formAction, {
    method: "POST",
    body: new FormData(form, button),
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
  }).catch(() => null);
  if (!answer?.ok) return flash(say("notReachable"));
  const { edits, problem } = await answer.json();
  if (area.value !== sent) return takeOffer(form, area, button);
  if (problem) flash(problem);
  else write(area, edits);
}

/** Where the reader was, over the reload that saving is. */
function keepPlace(form, area) {
  form.addEventListener("submit", () => {
    sessionStorage.setItem(KEPT, JSON.stringify([location.pathname, area.selectionStart, area.scrollTop]));
  });
  const [path, caret, top] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  sessionStorage.removeItem(KEPT);
  if (path !== location.pathname) return;
  area.focus({ preventScroll: true });
  area.setSelectionRange(caret, caret);
  area.scrollTop = top;
}

function watchUnsaved(form, area) {
  const kept = area.dataset.saved === "yes" ? area.value : null;
  let leaving = false;
  const unsaved = () => area.value !== kept;
  area.addEventListener("input", () => {
    for (const place of document.querySelectorAll("[data-when-saved]")) place.hidden = unsaved();
    for (const place of document.querySelectorAll("[data-when-unsaved]")) place.hidden = !unsaved();
    const publish = document.querySelector('[data-opens="publish"]');
    if (publish && unsaved()) publish.disabled = true;
  });
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (unsaved() && !leaving) event.preventDefault();
  });
}

export function watchSource() {
  const form = document.querySelector("[data-source]");
  if (!form) return;
  const area = form.querySelector("textarea");
  const place = form.querySelector("[data-lines]");
  const update = () => {
    numbers(area, place);
    markFaults(place);
    place.scrollTop = area.scrollTop;
  };
  area.addEventListener("input", update);
  area.addEventListener("scroll", () => (place.scrollTop = area.scrollTop));
  document.addEventListener("htmx:oobAfterSwap", () => markFaults(place));
  document.addEventListener("click", (event) => {
    const offer = event.target.closest?.("[data-offer]");
    if (offer) {
      event.preventDefault();
      takeOffer(form, area, offer);
    }
    const link = event.target.closest?.("[data-line]");
    if (!link) return;
    event.preventDefault();
    goTo(area, Number(link.dataset.line));
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.requestSubmit(document.querySelector("[data-saves]"));
  });
  // from the first change on, the preview holds what was typed and no longer the example
  document.addEventListener("input", (event) => {
    const tried = event.target.form?.id === "trial" && event.target.form.querySelector("[data-tried]");
    if (tried) tried.disabled = false;
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id === "trial") event.target.querySelector("[data-tried]").disabled = false;
  }, { capture: true });
  watchUnsaved(form, area);
  update();
  keepPlace(form, area);
}
