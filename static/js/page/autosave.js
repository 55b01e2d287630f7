// Saves what was entered: `form[data-autosave]` is posted to that URL after a change.
import { translate } from "./messages.js";
import { csrfToken, NEW_TOKEN, renewToken } from "./token.js";

/** Milliseconds until an answer that is complete is saved, and one that is being typed, after its last character. */
const DELAY = 400, PAUSE = 1000;

/** Bytes up to which a browser carries a request on after its page is gone (64 KiB for all of them). */
const MOST_CARRIED_ON = 60_000;

/** The values of a form without its files, which are uploaded on their own. */
export function formValues(form) {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

/** Says how saving stands; the cloud has its check only where nothing is left to be saved again. */
function showState(form, text, { failed = false } = {}) {
  const state = (form.closest("main") ?? document).querySelector("[data-save-state]");
  if (!state) return;
  state.querySelector("span").textContent = text;
  state.toggleAttribute("data-unsaved", failed);
}

/** What to say of an answer that is not a success: its own words, where it has some (a session that ended is not the connection). */
async function refusal(response) {
  const { message } = await response.json().catch(() => ({}));
  return message ?? translate("saveFailed");
}

async function save(form) {
  const body = formValues(form).toString();
  if (form.dataset.sent || body === form.dataset.savedBody) return;
  showState(form, translate("saving"));
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "X-CSRFToken": csrfToken(),
        "X-Autosave": "1",
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body,
      keepalive: body.length < MOST_CARRIED_ON,
    });
    renewToken(response.headers.get(NEW_TOKEN));
    if (!response.ok) return showState(form, await refusal(response), { failed: true });
    form.dataset.savedBody = body;
    const { saved } = await response.json();
    showState(form, saved);
  } catch {
    showState(form, translate("saveFailed"), { failed: true });
  }
}

/** Whether a click opens another page in this window. */
const opensPage = (event, link) =>
  link && !link.target && !link.hasAttribute("download") && !link.getAttribute("href").startsWith("#") &&
  !(event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

/** Forms that wait to be saved, and those that are on their way: one after the other, so that what was typed last is what stays. */
class Saving {
  constructor() {
    this.timers = new Map();
    this.underway = new Map();
  }

  get isOpen() {
    return this.timers.size > 0 || this.underway.size > 0;
  }

  later(form, delay) {
    clearTimeout(this.timers.get(form));
    this.timers.set(form, setTimeout(() => this.now(form), delay));
  }

  async now(form) {
    this.forget(form);
    const before = this.underway.get(form);
    const own = before ? before.then(() => save(form)) : save(form);
    this.underway.set(form, own);
    await own;
    if (this.underway.get(form) === own) this.underway.delete(form);
  }

  /** Everything is saved when the promise is kept. */
  async all() {
    for (const form of [...this.timers.keys()]) this.now(form);
    await Promise.all(this.underway.values());
  }

  /** The page goes away: what is not saved is sent at once, for nothing that waits would go out any more. */
  leave() {
    for (const form of [...this.timers.keys()]) {
      this.forget(form);
      save(form);
    }
  }

  forget(form) {
    clearTimeout(this.timers.get(form));
    this.timers.delete(form);
  }
}

export function watchAutosave() {
  const saving = new Saving();
  const after = (delay) => (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (form) saving.later(form, delay);
  };
  document.addEventListener("change", after(DELAY));
  document.addEventListener("input", after(PAUSE));
  // the next page shows what was saved: in another language, or the page before
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!saving.isOpen || !opensPage(event, link)) return;
    event.preventDefault();
    await saving.all();
    location.assign(link.href);
  });
  // a telephone may end a page that nobody sees, without a word
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saving.leave());
  addEventListener("pagehide", () => saving.leave());
  addEventListener("online", () => document.querySelectorAll("form[data-autosave]").forEach((form) => saving.later(form, 0)));
}
