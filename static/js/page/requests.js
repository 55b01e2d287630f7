// htmx under a strict policy: nothing evaluated, nothing injected as style, the anti-forgery token in a header.
import htmx from "htmx.org";
import { flash } from "./flash.js";
import { csrfToken } from "./token.js";
import { say } from "./words.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollIntoViewOnBoost: false,
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});
// a refusal comes as a note of our own, with the place it belongs to: show it
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:sendError", () => flash(say("notReachable")));
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "main") event.detail.target.querySelector("h1")?.focus();
});

// other bundles of ours ask the same htmx
window.madoguchi = { ...window.madoguchi, htmx };

export { csrfToken, htmx };
