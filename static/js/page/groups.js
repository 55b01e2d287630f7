// Rows of a repeatable group are added and taken away in place; without a script the same buttons send the form.

import { ROW_ADDED } from "../events.js";

/** `items.0.kind` -> `items.3.kind`, for names, ids, labels, descriptions and addresses alike. */
export function renumber(text, group, index) {
  return text.replace(new RegExp(`(^|[\\s#/-])${group}([.-])(?:\\d+|__n__)(?=[.-]|$)`, "g"), `$1${group}$2${index}`);
}

const NUMBERED = [
  "name", "id", "for", "aria-describedby", "aria-labelledby", "data-kana", "data-group", "data-option-search",
  "data-files", "data-files-add", "data-files-remove", "data-place-typed", "data-map-field", "data-geometry-input",
];

/** Every element of a row, those of the rows that can be added within it too. */
function elementsOf(part) {
  const within = [...part.querySelectorAll("template")].flatMap((template) => elementsOf(template.content));
  return [...part.querySelectorAll("*"), ...within];
}

function renumberRow(row, group, index) {
  for (const element of [row, ...elementsOf(row)]) {
    for (const attribute of NUMBERED) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, renumber(value, group, index));
    }
    if (element.matches("button[value], input[name='open-rows'], input[name='shown-questions']")) element.value = renumber(element.value, group, index);
  }
  const shown = row.querySelector("[data-group-number]");
  if (shown) shown.textContent = String(index + 1);
}

/** What belongs to the rows of a group itself, not to those of a group within them. */
const own = (holder, selector) => [...holder.querySelectorAll(selector)].filter((part) => part.closest("[data-group]") === holder);

function refresh(holder) {
  const rows = own(holder, "[data-group-row]");
  rows.forEach((row, index) => renumberRow(row, holder.dataset.group, index));
  const [add] = own(holder, "[data-group-add]");
  if (add) add.hidden = rows.length >= Number(holder.dataset.max ?? Infinity);
  const min = Number(holder.dataset.min ?? 0);
  for (const remove of own(holder, "[data-group-remove]")) remove.hidden = rows.length <= min;
  rows[0]?.querySelector("input, select")?.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The files of a row that is taken out are named to the server, which takes them out with the next saving. */
function takeFilesAlong(row) {
  for (const file of row.querySelectorAll('[data-file-list] input[name$=".files"]')) {
    const removed = document.createElement("input");
    Object.assign(removed, { type: "hidden", name: "removed-file", value: file.value });
    row.closest("form")?.append(removed);
  }
}

export function watchGroups() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-group-add], [data-group-remove]");
    const holder = button?.closest("[data-group]");
    if (!holder) return;
    if (button.matches("[data-group-remove]")) {
      event.preventDefault();
      const row = button.closest("[data-group-row]");
      // what is being uploaded would end up in the row that takes this one's place
      if (holder.querySelector("[data-files-sending] li:not(.is-bad)")) return;
      takeFilesAlong(row);
      const next = row.nextElementSibling?.matches("[data-group-row]") ? row.nextElementSibling : row.previousElementSibling;
      row.remove();
      refresh(holder);
      (next?.querySelector("input, select") ?? own(holder, "[data-group-add]")[0])?.focus();
      return;
    }
    const template = holder.querySelector(":scope > template[data-group-template]");
    if (!template) return;
    event.preventDefault();
    const row = template.content.firstElementChild.cloneNode(true);
    const rows = own(holder, "[data-group-row]");
    if (rows.length) rows.at(-1).after(row);
    else template.before(row);
    refresh(holder);
    row.dispatchEvent(new CustomEvent(ROW_ADDED, { bubbles: true }));
    window.madoguchi?.map?.enhance(row);
    row.querySelector("input:not([type='hidden']), select, textarea")?.focus();
  });
}
