// Keeps what was entered: `form[data-autosave]` is sent to that address when a field is left.
import { csrfToken, renewToken } from "./token.js";
import { say } from "./words.js";

const DELAY = 400;

/** What a form holds, without its files: those are kept when the step is sent. */
export function textOf(form) {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

function show(form, sentence) {
  const state = (form.closest("main") ?? document).querySelector("[data-save-state] span");
  if (state) state.textContent = sentence;
}

async function save(form) {
  const body = textOf(form).toString();
  if (form.dataset.sent || body === form.dataset.savedBody) return;
  show(form, say("saving"));
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      headers: { "X-CSRFToken": csrfToken(), "X-Autosave": "1", "Content-Type": "application/x-www-form-urlencoded" },
      body,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    form.dataset.savedBody = body;
    const { saved, token } = await answer.json();
    // the visit had ended; from now on this page belongs to a new one
    if (token) renewToken(token);
    show(form, saved);
  } catch {
    show(form, say("notSaved"));
  }
}

/** Saves what still waits for its delay. */
async function saveNow(waiting) {
  const forms = [...waiting];
  waiting.clear();
  await Promise.all(forms.map(([form, timer]) => (clearTimeout(timer), save(form))));
}

/** Whether a click leads to another page in this window. */
const leaves = (event, link) =>
  link && !link.target && !link.hasAttribute("download") && !link.getAttribute("href").startsWith("#") &&
  !(event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

export function watchAutosave() {
  const waiting = new Map();
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => saveNow(waiting), DELAY));
  });
  // the page that follows shows what was saved: another language, the page before
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!waiting.size || !leaves(event, link)) return;
    event.preventDefault();
    await saveNow(waiting);
    location.assign(link.href);
  });
  addEventListener("online", () => document.querySelectorAll("form[data-autosave]").forEach(save));
}
