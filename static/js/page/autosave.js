// Saves what was entered: `form[data-autosave]` is posted to that URL after a change.
import { translate } from "./messages.js";
import { csrfToken, NEW_TOKEN, renewToken } from "./token.js";

const DELAY = 400;

/** The values of a form without its files, which are uploaded on their own. */
export function formValues(form) {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

function showState(form, text) {
  const state = (form.closest("main") ?? document).querySelector("[data-save-state] span");
  if (state) state.textContent = text;
}

async function save(form) {
  const body = formValues(form).toString();
  if (form.dataset.sent || body === form.dataset.savedBody) return;
  showState(form, translate("saving"));
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      headers: { "X-CSRFToken": csrfToken(), "X-Autosave": "1", "Content-Type": "application/x-www-form-urlencoded" },
      body,
    });
    renewToken(response.headers.get(NEW_TOKEN));
    if (!response.ok) throw new Error(String(response.status));
    form.dataset.savedBody = body;
    const { saved } = await response.json();
    showState(form, saved);
  } catch {
    showState(form, translate("saveFailed"));
  }
}

/** Saves every form whose delay is not over. */
async function flush(timers) {
  const pending = [...timers];
  timers.clear();
  await Promise.all(pending.map(([form, timer]) => (clearTimeout(timer), save(form))));
}

/** Whether a click opens another page in this window. */
const opensPage = (event, link) =>
  link && !link.target && !link.hasAttribute("download") && !link.getAttribute("href").startsWith("#") &&
  !(event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

export function watchAutosave() {
  const timers = new Map();
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => flush(timers), DELAY));
  });
  // the next page shows what was saved: in another language, or the page before
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!timers.size || !opensPage(event, link)) return;
    event.preventDefault();
    await flush(timers);
    location.assign(link.href);
  });
  addEventListener("online", () => document.querySelectorAll("form[data-autosave]").forEach(save));
}
