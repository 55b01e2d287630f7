// A chosen file is sent at once, one after another, and stays: the list of a question is what the server keeps. Without a script the
// same input goes along with the page. `[data-files]` holds a question's list, its input and the sentence that is read out.
import { csrfToken } from "./token.js";
import { say } from "./words.js";

const ICON = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 2.5h8l5 5v14H6Z"/><path d="M14 2.5v5h5"/></svg>';
const MOST_TRIES = 12;
const WAIT = 5000;

/** 1536 -> "1.5 KB" as people read sizes. */
export function sizeInWords(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`;
}

/** Whether a file fits an `accept` list by its name or the type that the browser gives it. */
export function isAccepted(name, type, accept) {
  const rules = accept.split(",").map((rule) => rule.trim().toLowerCase()).filter(Boolean);
  if (rules.length === 0) return true;
  return rules.some((rule) => {
    if (rule.startsWith(".")) return name.toLowerCase().endsWith(rule);
    if (rule.endsWith("/*")) return type.startsWith(rule.slice(0, -1));
    return type === rule;
  });
}

/** After how many milliseconds a busy server is asked again; null when asking again is of no use. */
export function waitFor(status, retryAfter, tries) {
  if (status !== 503 || tries >= MOST_TRIES) return null;
  const seconds = Number(retryAfter);
  return seconds > 0 && seconds <= 60 ? seconds * 1000 : WAIT;
}

/** What need not even be sent. A type that the browser does not know is left to the server, which looks into the content. */
function faultOf(file, input) {
  const limit = Number(input.dataset.maxBytes ?? 0);
  if (limit && file.size > limit) return say("tooLarge", { name: file.name, limit: sizeInWords(limit) });
  if (file.type && !isAccepted(file.name, file.type, input.accept)) {
    return say("wrongType", { name: file.name, types: input.dataset.types ?? input.accept });
  }
  return null;
}

/** The question's part of the page as it is now: a live answer may have drawn it again meanwhile. */
const holderOf = (path) => document.querySelector(`[data-files="${CSS.escape(path)}"]`);
const part = (path, name) => holderOf(path)?.querySelector(`[data-${name}]`);

/** Files of every question that are on their way or wait for it, in order. */
const waiting = [];
let working = false;

function row(file) {
  const item = document.createElement("li");
  item.className = "file";
  item.innerHTML = `${ICON}<span class="grow"><span></span><small></small><progress max="100" value="0"></progress></span>`;
  item.querySelector("span span").textContent = file.name;
  item.querySelector("progress").setAttribute("aria-label", say("sendingFile", { name: file.name }));
  item.querySelector("small").textContent = sizeInWords(file.size);
  return item;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--quiet button--medium";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function speak(path, html) {
  const said = part(path, "files-status");
  if (said) said.innerHTML = html;
}

function settle(path) {
  const list = part(path, "files-sending");
  if (list) list.hidden = !list.children.length;
}

/** A file that is not in: why, beside the question, until it is sent again or put away. */
function refuse(entry, sentence, { again = false } = {}) {
  const { item, path } = entry;
  item.classList.add("is-bad");
  item.querySelector("progress")?.remove();
  item.querySelector("small").textContent = sentence;
  const putAway = () => {
    item.remove();
    settle(path);
    focusOn(path);
  };
  if (again) {
    const retry = button(say("sendAgain"), () => {
      putAway();
      add(path, [entry.file]);
    });
    retry.dataset.sendAgain = "";
    item.append(retry);
  }
  item.append(button(say("putAway"), putAway));
  const plain = document.createElement("span");
  plain.textContent = sentence;
  speak(path, plain.innerHTML);
}

const focusOn = (path) => holderOf(path)?.querySelector('input[type="file"]')?.focus();

/** Puts the list that came back in place of the one shown, and lets the rest of the page follow (saving, fee, conditions). */
function show(path, answer) {
  const list = part(path, "file-list");
  if (!list) return;
  list.outerHTML = answer.list;
  speak(path, answer.said);
  const saved = answer.saved && (holderOf(path).closest("main") ?? document).querySelector("[data-save-state] span");
  if (saved) saved.textContent = answer.saved;
  holderOf(path).querySelector('input[type="file"]')?.removeAttribute("aria-invalid");
  const form = holderOf(path).closest("form");
  form?.querySelector('input[name="csrf_token"]')?.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Posts to a question's address, with the files that the page names for it; resolves to status, answer and the wait asked for. */
function post(path, address, values, onProgress = () => {}) {
  return new Promise((resolve) => {
    const body = new FormData();
    for (const [name, value] of values) body.append(name, value);
    for (const kept of holderOf(path)?.querySelectorAll(`input[name="${CSS.escape(path)}.files"]`) ?? []) body.append(kept.name, kept.value);
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress((event.loaded / event.total) * 100));
    request.addEventListener("loadend", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // a proxy's page, or nothing at all: the status says enough
      }
      resolve({ status: request.status, answer, retryAfter: request.getResponseHeader("Retry-After") });
    });
    request.send(body);
  });
}

async function send(entry, tries = 0) {
  const { path, file, item } = entry;
  const bar = item.querySelector("progress");
  const address = holderOf(path)?.dataset.filesAdd;
  if (!address) return;
  const { status, answer, retryAfter } = await post(path, address, [["upload", file]], (percent) => {
    bar.value = percent;
    if (percent >= 100) item.querySelector("small").textContent = say("checkingFile");
  });
  const wait = waitFor(status, retryAfter, tries);
  if (status === 200) {
    item.remove();
    settle(path);
    show(path, answer);
  } else if (wait !== null) {
    item.querySelector("small").textContent = say("waitingForTurn");
    await new Promise((resolve) => setTimeout(resolve, wait));
    await send(entry, tries + 1);
  } else {
    const sentence = answer.message ?? (status === 413 ? say("tooLarge", { name: file.name, limit: sizeInWords(file.size) }) : say("notReachable"));
    refuse(entry, sentence, { again: status !== 422 });
  }
}

async function work() {
  if (working) return;
  working = true;
  while (waiting.length) {
    await send(waiting[0]);
    waiting.shift();
  }
  working = false;
  document.dispatchEvent(new CustomEvent("files:idle"));
}

function add(path, files) {
  const list = part(path, "files-sending");
  const input = holderOf(path).querySelector('input[type="file"]');
  for (const file of files) {
    const entry = { path, file, item: row(file) };
    list.append(entry.item);
    const fault = faultOf(file, input);
    if (fault) refuse(entry, fault);
    else waiting.push(entry);
  }
  settle(path);
  if (waiting.length) work();
}

/** Takes a file out, and leaves the focus on the next one, or on the control to add one. */
async function remove(pressed) {
  const holder = pressed.closest("[data-files]");
  const path = holder.dataset.files;
  const buttons = () => [...(part(path, "file-list")?.querySelectorAll('button[name="remove_file"]') ?? [])];
  const place = buttons().indexOf(pressed);
  pressed.disabled = true;
  const { status, answer } = await post(path, holder.dataset.filesRemove, [["file", pressed.value.slice(path.length + 1)]]);
  if (status !== 200) {
    pressed.disabled = false;
    pressed.focus();
    const plain = document.createElement("span");
    plain.textContent = answer.message ?? say("notReachable");
    speak(path, plain.innerHTML);
    return;
  }
  show(path, answer);
  const left = buttons();
  if (left.length) left[Math.min(place, left.length - 1)].focus();
  else focusOn(path);
}

/** A page that is sent while files are on their way waits for them; a file that was refused holds it back. */
function holdBack(event) {
  const form = event.target;
  if (!waiting.length || !form.querySelector?.("[data-files]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.waitsForFiles) return;
  form.dataset.waitsForFiles = "true";
  const { submitter } = event;
  speak(waiting[0].path, say("waitsForFiles"));
  document.addEventListener("files:idle", () => {
    delete form.dataset.waitsForFiles;
    const refused = form.querySelector("[data-files-sending] .is-bad");
    if (refused) refused.querySelector("button")?.focus();
    else form.requestSubmit(submitter);
  }, { once: true });
}

export function watchFiles() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    const holder = input.type === "file" && input.closest("[data-files-add]");
    if (!holder) return;
    const chosen = [...input.files];
    input.value = "";
    add(holder.dataset.files, chosen);
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.('[data-files-remove] button[name="remove_file"]');
    if (!pressed) return;
    event.preventDefault();
    remove(pressed);
  });
  document.addEventListener("submit", holdBack, true);
  addEventListener("online", () => document.querySelectorAll("[data-send-again]").forEach((retry) => retry.click()));
  addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.target.closest?.(".drop-zone")?.classList.toggle("is-over", kind === "dragover");
    });
  }
}
