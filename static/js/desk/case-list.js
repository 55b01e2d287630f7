// Selecting a row, a pin or the address selects the same case: the row is marked, the map goes there, the drawer shows it.
import { CASE_OPEN, CASE_SELECTED } from "../events.js";

const caseList = () => document.querySelector("[data-case-list]");

function unselect(list) {
  for (const row of list.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
}

/** Marks a row and tells the map. */
export function selectRow(row) {
  unselect(row.closest("[data-case-list]"));
  row.setAttribute("aria-current", "true");
  row.classList.remove("is-unread");
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
