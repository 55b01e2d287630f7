// Selecting a row, a pin or the address selects the same case: the row is marked, the map goes there, the drawer shows it.
import { CASE_OPEN, CASE_SELECTED } from "../events.js";

const caseList = () => document.querySelector("[data-case-list]");
const rowsOf = (element) => [...element.querySelectorAll("[data-case-list] [data-case-id]")];

/**
 * Where somebody stands in a list that another one has taken the place of: `current`, or when that is no longer in it, the next of
 * those after it (`next`), and behind the last one that before it (`last`). All of them are ids; null where nobody stands anywhere.
 */
export function standingIn(before, current, now) {
  if (current === null || now.includes(current)) return { current };
  const next = before.slice(before.indexOf(current) + 1).find((id) => now.includes(id));
  return next === undefined ? { current: null, last: now.at(-1) } : { current: null, next };
}

/** Lets the row that somebody saw as theirs be it in the list that takes the place of the one they saw. */
export function carryCurrentRow(previous, pane, opened) {
  const [before, now] = [previous, pane].map((element) => rowsOf(element).map((row) => row.dataset.caseId));
  const current = previous.querySelector("[data-case-list] [aria-current]")?.dataset.caseId ?? opened ?? null;
  const standing = standingIn(before, current, now);
  const row = (id) => (id ? pane.querySelector(`[data-case-id="${CSS.escape(id)}"]`) : null);
  row(standing.current)?.setAttribute("aria-current", "true");
  for (const place of ["next", "last"]) {
    const follower = row(standing[place]);
    if (follower) follower.dataset.follows = place;
  }
}

/** The row whose case is open; null where none is. */
export const currentRow = () => document.querySelector("[data-case-list] [data-case-id][aria-current]");

/** The row that so many steps from the current one lead to; null in an empty list. */
export function neighbourRow(offset) {
  const rows = rowsOf(document);
  const current = rows.findIndex((row) => row.hasAttribute("aria-current"));
  if (current >= 0) return rows[Math.max(0, Math.min(rows.length - 1, current + offset))];
  // the current row has left the list: its place is before the row that followed it, or behind the last one
  const gap = rows.findIndex((row) => row.dataset.follows);
  const place = gap < 0 ? 0 : gap + (rows[gap].dataset.follows === "last" ? 1 : 0);
  return rows[Math.max(0, Math.min(rows.length - 1, offset > 0 || gap < 0 ? place : place - 1))] ?? null;
}

function unselect(list) {
  for (const row of list.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
  for (const row of list.querySelectorAll("[data-follows]")) row.removeAttribute("data-follows");
}

/** Marks a row and tells the map. */
export function selectRow(row) {
  unselect(row.closest("[data-case-list]"));
  row.setAttribute("aria-current", "true");
  (row.closest("tr") ?? row).classList.remove("is-unread");
  const { caseId, lon, lat, status, sla } = row.dataset;
  const detail = { caseId, lon: Number(lon), lat: Number(lat), status, late: sla === "late" };
  document.dispatchEvent(new CustomEvent(CASE_SELECTED, { detail }));
}

/** Opens a case by its id, also one that the list does not show. */
function openCase(caseId) {
  const list = caseList();
  if (!list) return;
  const row = list.querySelector(`[data-case-id="${CSS.escape(caseId)}"]`);
  if (row) {
    row.scrollIntoView({ block: "nearest" });
    row.click();
    return;
  }
  unselect(list);
  const url = list.dataset.caseUrl?.replace("{id}", encodeURIComponent(caseId));
  if (url) window.madoguchi.htmx.ajax("GET", url, { target: "#drawer", push: "true" });
}

export function watchCaseList() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("[data-case-list] [data-case-id]");
    if (row) selectRow(row);
  });
  document.addEventListener(CASE_OPEN, (event) => openCase(event.detail.caseId));
  const current = caseList()?.querySelector("[aria-current]");
  if (current) queueMicrotask(() => selectRow(current));
}
