// htmx under a strict policy: nothing evaluated, nothing injected as style, the anti-forgery token in a header.
import htmx from "htmx.org";
import { ROW_ADDED } from "../events.js";
import { flash } from "./flash.js";
import { translate } from "./messages.js";
import { csrfToken, NEW_TOKEN, renewToken } from "./token.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollIntoViewOnBoost: false,
});

document.addEventListener(ROW_ADDED, (event) => htmx.process(event.target));
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});
document.addEventListener("htmx:afterRequest", (event) => renewToken(event.detail.xhr?.getResponseHeader(NEW_TOKEN)));
// an error comes as a note of our own, with the place where it belongs: show it
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:sendError", () => flash(translate("offline")));
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "main") event.detail.target.querySelector("h1")?.focus();
});

// the other bundles use this htmx too; scripts that the server writes find their functions beside it, under `map` (map/index.js)
window.madoguchi = { ...window.madoguchi, htmx };

export { csrfToken, htmx };
