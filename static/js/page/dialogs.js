// Opens and closes dialogs; the page behind stays as it is. Menus close when the reader turns elsewhere. Prints on request.

const OPEN_MENU = "details:is(.menu, .filter-menu)[open]";

export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens-dialog]");
    if (event.target.closest?.("[data-print]")) window.print();
    if (opener) document.getElementById(opener.dataset.opensDialog)?.showModal();
    if (event.target.closest?.("[data-closes-dialog]") || event.target.matches?.("dialog[open]")) event.target.closest("dialog").close();
    for (const menu of document.querySelectorAll(OPEN_MENU)) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(OPEN_MENU);
    if (!menu) return;
    event.preventDefault(); // one press closes one thing
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    const menu = target.closest?.(OPEN_MENU);
    if (menu && relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
}
