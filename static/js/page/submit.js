// One press sends once: while a form is on its way, pressing again does nothing.
import { translate } from "./messages.js";

export function watchSubmit() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || "resubmittable" in form.dataset || form.closest("dialog[method=dialog]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    const button = event.submitter;
    if (!button?.classList.contains("button")) return;
    button.classList.add("is-busy");
    button.setAttribute("aria-label", translate("sending"));
  });
  // coming back by the browser's button finds the form ready again
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll(".button.is-busy")) {
      button.classList.remove("is-busy");
      button.removeAttribute("aria-label");
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (!form) return;
    delete form.dataset.sent;
    [...form.elements].find((each) => each.matches(".button.is-busy"))?.classList.remove("is-busy");
  });
}
