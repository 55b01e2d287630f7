// Selecting a row, a pin or the address selects the same case: the row is marked, the map goes there, the drawer shows it.

const list = () => document.querySelector("[data-case-list]");

/** Marks a row and tells the map. */
export function mark(row) {
  for (const other of row.closest("[data-case-list]").querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.classList.remove("is-unread");
  const { caseId, lon, lat, status, sla } = row.dataset;
  const detail = { caseId, lon: Number(lon), lat: Number(lat), status, late: sla === "late" };
  document.dispatchEvent(new CustomEvent("case:chosen", { detail }));
}

function openFromMap(caseId) {
  const rows = list();
  if (!rows) return;
  const row = rows.querySelector(`[data-case-id="${CSS.escape(caseId)}"]`);
  if (row) {
    row.scrollIntoView({ block: "nearest" });
    row.click();
    return;
  }
  for (const other of rows.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  const address = rows.dataset.caseUrl?.replace("{id}", encodeURIComponent(caseId));
  if (address) window.madoguchi.htmx.ajax("GET", address, { target: "#drawer", push: "true" });
}

export function watchCaseList() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("[data-case-list] [data-case-id]");
    if (row) mark(row);
  });
  document.addEventListener("case:open", (event) => openFromMap(event.detail.caseId));
  const current = list()?.querySelector("[aria-current]");
  if (current) queueMicrotask(() => mark(current));
}
