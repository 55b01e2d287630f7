// The text of a definition: line numbers, what is not saved yet, Ctrl+S, the way from a fault to its line, and suggested text.
// Tab leaves the text as it leaves every field, so that the keyboard is never trapped.
import { flash } from "../page/flash.js";
import { translate } from "../page/messages.js";
import { csrfToken } from "../page/token.js";

const STORAGE_KEY = "madoguchi-source";

/** Start and end of a line (from 1) in a text; the last line for a number beyond it. */
export function lineSpan(text, number) {
  const lines = text.split("\n");
  const index = Math.min(Math.max(number, 1), lines.length) - 1;
  const start = lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0);
  return [start, start + lines[index].length];
}

function numberLines(area, gutter) {
  const count = area.value.split("\n").length;
  while (gutter.childElementCount > count) gutter.lastElementChild.remove();
  for (let line = gutter.childElementCount + 1; line <= count; line += 1) {
    const span = document.createElement("span");
    span.textContent = String(line);
    gutter.append(span);
  }
}

/** Marks the numbers of the lines in which the checks found something; lists of work (translations) would bury them. */
function markFaults(gutter) {
  for (const span of gutter.children) span.className = "";
  for (const link of document.querySelectorAll("#definition-faults [data-severity] [data-line]")) {
    const span = gutter.children[Number(link.dataset.line) - 1];
    const error = link.closest("[data-severity]").dataset.severity === "error";
    if (span && !span.classList.contains("has-error")) span.className = error ? "has-error" : "has-advice";
  }
}

function goToLine(area, number) {
  const [start, end] = lineSpan(area.value, number);
  area.focus();
  area.setSelectionRange(start, end);
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (number - 1) * height - area.clientHeight / 3);
  area.scrollLeft = 0;
}

/** A text after insertions, `[offset, text]` each, in the order given. */
export function insertAll(text, edits) {
  return edits.reduce((result, [offset, inserted]) => result.slice(0, offset) + inserted + result.slice(offset), text);
}

/** Inserts into the text as if it had been typed, so that it can be undone, and goes there. */
function applyEdits(area, edits) {
  const result = insertAll(area.value, edits);
  area.focus();
  for (const [offset, text] of edits) {
    area.setSelectionRange(offset, offset);
    document.execCommand("insertText", false, text);
  }
  if (area.value !== result) area.value = result;
  const [offset, text] = edits.at(-1);
  goToLine(area, result.slice(0, offset + text.length).trimEnd().split("\n").length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Lets the server say what a suggestion inserts where; it is asked again when the text was changed meanwhile. */
async function applySuggestion(form, area, button) {
  const sent = area.value;
  const response = await fetch(button.formAction, {
    method: "POST",
    body: new FormData(form, button),
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
  }).catch(() => null);
  if (!response?.ok) return flash(translate("offline"));
  const { edits, problem } = await response.json();
  if (area.value !== sent) return applySuggestion(form, area, button);
  if (problem) flash(problem);
  else applyEdits(area, edits);
}

/** Keeps caret and scroll position over the reload that saving is. */
function keepPosition(form, area) {
  form.addEventListener("submit", () => {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify([location.pathname, area.selectionStart, area.scrollTop]));
  });
  const [path, caret, top] = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "[]");
  sessionStorage.removeItem(STORAGE_KEY);
  if (path !== location.pathname) return;
  area.focus({ preventScroll: true });
  area.setSelectionRange(caret, caret);
  area.scrollTop = top;
}

function watchUnsaved(form, area) {
  const saved = area.dataset.saved === "yes" ? area.value : null;
  let leaving = false;
  const isUnsaved = () => area.value !== saved;
  area.addEventListener("input", () => {
    for (const element of document.querySelectorAll("[data-when-saved]")) element.hidden = isUnsaved();
    for (const element of document.querySelectorAll("[data-when-unsaved]")) element.hidden = !isUnsaved();
    const publish = document.querySelector('[data-opens-dialog="publish"]');
    if (publish && isUnsaved()) publish.disabled = true;
  });
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (isUnsaved() && !leaving) event.preventDefault();
  });
}

/** From the first change on, the preview holds what was typed and no longer the example. */
function watchPreview() {
  const markEdited = (form) => (form.querySelector("[data-preview-edited]").disabled = false);
  document.addEventListener("input", (event) => {
    if (event.target.form?.id === "step-form") markEdited(event.target.form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id === "step-form") markEdited(event.target);
  }, { capture: true });
}

export function watchSource() {
  const form = document.querySelector("[data-source]");
  if (!form) return;
  const area = form.querySelector("textarea");
  const gutter = form.querySelector("[data-line-numbers]");
  const update = () => {
    numberLines(area, gutter);
    markFaults(gutter);
    gutter.scrollTop = area.scrollTop;
  };
  area.addEventListener("input", update);
  area.addEventListener("scroll", () => (gutter.scrollTop = area.scrollTop));
  document.addEventListener("htmx:oobAfterSwap", () => markFaults(gutter));
  document.addEventListener("click", (event) => {
    const suggestion = event.target.closest?.("[data-suggestion]");
    if (suggestion) {
      event.preventDefault();
      applySuggestion(form, area, suggestion);
    }
    const link = event.target.closest?.("[data-line]");
    if (!link) return;
    event.preventDefault();
    goToLine(area, Number(link.dataset.line));
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.requestSubmit(document.querySelector("[data-save-button]"));
  });
  watchPreview();
  watchUnsaved(form, area);
  update();
  keepPosition(form, area);
}
