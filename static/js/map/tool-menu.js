// The menu of the staff map with the tools that are used now and then: it says which of them are in use, and closes when one is chosen.
import { frameOf } from "./frame.js";

export function wireToolMenu(map) {
  const menu = frameOf(map).querySelector("[data-tool-menu]");
  const summary = menu.querySelector("summary");
  const say = () => {
    const inUse = [...menu.querySelectorAll('[aria-pressed="true"]')].map((button) => button.textContent.trim());
    menu.classList.toggle("is-in-use", inUse.length > 0);
    menu.querySelector("[data-tool-in-use]").textContent = inUse.join("・") || menu.dataset.toolMenu;
  };
  new MutationObserver(say).observe(menu, { subtree: true, attributeFilter: ["aria-pressed"] });
  menu.addEventListener("click", ({ target }) => {
    if (!target.closest("button")) return;
    menu.open = false;
    summary.focus(); // a tool that is used on the map takes the focus there
  });
  say();
}
