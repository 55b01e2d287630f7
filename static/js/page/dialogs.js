// Opens and closes dialogs; the page behind stays as it is. Menus close when the reader turns elsewhere. Prints on request.

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens-dialog]");
    if (event.target.closest?.("[data-print]")) window.print();
    if (opener) document.getElementById(opener.dataset.opensDialog)?.showModal();
    if (event.target.closest?.("[data-closes-dialog]") || event.target.matches?.("dialog[open]")) event.target.closest("dialog").close();
    for (const menu of document.querySelectorAll("details:is(.menu, .filter-menu)[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details:is(.menu, .filter-menu)[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
