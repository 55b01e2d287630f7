// A chosen file is uploaded at once, one after another, and stays: the list of a question is what the server keeps. Without a script the
// same input goes along with the page. `[data-files]` holds a question's list, its inputs and the text that is read out.
import { FILES_SETTLED } from "../events.js";
import { translate } from "./messages.js";
import { canShrink, shrunk } from "./shrinking.js";
import { csrfToken, NEW_TOKEN, renewToken } from "./token.js";

const ICON = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 2.5h8l5 5v14H6Z"/><path d="M14 2.5v5h5"/></svg>';
const MAX_RETRIES = 12;
const MAX_CUTS = 5;
const DEFAULT_DELAY = 5000; // milliseconds

/** 1500 -> "1.5 KB" as people read sizes, in the decimal units in which limits are told: a file of 10 MB says so. */
export function formatSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, "KB"] : [bytes / 1_000_000, "MB"];
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`;
}

/** Whether a file matches an `accept` list by its name or the type that the browser gives it. */
export function isAccepted(name, type, accept) {
  const rules = accept.split(",").map((rule) => rule.trim().toLowerCase()).filter(Boolean);
  if (rules.length === 0) return true;
  return rules.some((rule) => {
    if (rule.startsWith(".")) return name.toLowerCase().endsWith(rule);
    if (rule.endsWith("/*")) return type.startsWith(rule.slice(0, -1));
    return type === rule;
  });
}

/** After how many milliseconds a request is repeated to a busy server, or after the line was cut; null when repeating is of no use. */
export function retryDelay(status, retryAfter, retries) {
  if (status === 0) return retries < MAX_CUTS ? 2 ** retries * 1000 : null;
  if (status !== 503 || retries >= MAX_RETRIES) return null;
  const seconds = Number(retryAfter);
  return seconds > 0 && seconds <= 60 ? seconds * 1000 : DEFAULT_DELAY;
}

/** Why a file need not even be uploaded, or null. A type that the browser does not know is left to the server, which looks into the content. */
function rejectionOf(file, holder) {
  const { dataset } = holder;
  if (!file.type || isAccepted(file.name, file.type, dataset.accept)) return null;
  return translate("wrongType", { name: file.name, types: dataset.types });
}

/** Why a file is too large to be uploaded as it is now, or null. */
function excessOf(file, holder) {
  const limit = Number(holder.dataset.maxBytes);
  return file.size > limit ? translate("tooLarge", { name: file.name, limit: formatSize(limit) }) : null;
}

/** The question's part of the page as it is now: a live answer may have drawn it again meanwhile. */
const holderOf = (path) => document.querySelector(`[data-files="${CSS.escape(path)}"]`);
const partOf = (path, name) => holderOf(path)?.querySelector(`[data-${name}]`);
const inputOf = (path) => holderOf(path)?.querySelector(".drop-zone:not(.drop-zone--camera) input");

/** Files of every question that are being uploaded or wait for it, in order. */
const queue = [];
let processing = false;

function createItem(file) {
  const item = document.createElement("li");
  item.className = "file";
  item.innerHTML = `${ICON}<span class="grow"><span></span><small></small><progress max="100" value="0"></progress></span>`;
  item.querySelector("span span").textContent = file.name;
  item.querySelector("progress").setAttribute("aria-label", translate("sendingFile", { name: file.name }));
  item.querySelector("small").textContent = formatSize(file.size);
  return item;
}

function createButton(label, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet button--medium";
  button.textContent = label;
  button.addEventListener("click", onClick);
  return button;
}

function announceHtml(path, html) {
  const status = partOf(path, "files-status");
  if (status) status.innerHTML = html;
}

/** Has read out what stands at the file itself; whoever sees it there is not told a second time. */
function readOut(path, text) {
  const status = partOf(path, "files-status");
  status?.querySelector("[data-read-out]")?.remove();
  const words = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: text });
  words.dataset.readOut = "";
  status?.append(words);
}

function announce(path, text) {
  const escaped = document.createElement("span");
  escaped.textContent = text;
  announceHtml(path, escaped.innerHTML);
}

function hideEmptyList(path) {
  const list = partOf(path, "files-sending");
  if (list) list.hidden = !list.children.length;
}

/** Beside this page, so that all of it stays as it is; back on it, the file is sent again by itself. It leads back to what was saved, too. */
function createSignInLink(address, sendAgain) {
  const link = document.createElement("a");
  link.className = "button button--medium";
  link.href = `${address}?next=${encodeURIComponent(location.pathname)}`;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = translate("signIn");
  link.addEventListener("click", () => {
    const onReturn = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", onReturn);
      if (link.isConnected) sendAgain();
    };
    document.addEventListener("visibilitychange", onReturn);
  });
  return link;
}

/**
 * Shows beside the question why a file was not taken, until it is sent again or dismissed. `signIn`: the page where to sign in, when
 * sending it again is of no use before; whoever did so in another window comes back without this page noticing, and presses the button.
 */
function showRejected(entry, text, { retry = false, signIn = "" } = {}) {
  const { item, path } = entry;
  item.classList.add("is-bad");
  item.querySelector("progress")?.remove();
  item.querySelector("small").textContent = text;
  const dismiss = () => {
    item.remove();
    hideEmptyList(path);
    inputOf(path)?.focus();
  };
  const sendAgain = () => {
    dismiss();
    enqueue(path, [entry.file], entry.insteadOf);
  };
  const actions = document.createElement("span");
  actions.className = "file__actions";
  if (signIn) actions.append(createSignInLink(signIn, sendAgain));
  if (retry) {
    const button = createButton(translate("retry"), sendAgain);
    button.dataset.retry = "";
    actions.append(button);
  }
  actions.append(createButton(translate("dismiss"), dismiss));
  item.append(actions);
  readOut(path, text);
}

/** Puts the list of the response in place of the one shown, and lets the rest of the page follow (saving, fee, conditions). */
function showFiles(path, response) {
  const list = partOf(path, "file-list");
  if (!list) return;
  list.outerHTML = response.list;
  announceHtml(path, response.status);
  const saved = response.saved && (holderOf(path).closest("main") ?? document).querySelector("[data-save-state] span");
  if (saved) saved.textContent = response.saved;
  for (const input of holderOf(path).querySelectorAll(".drop-zone input")) input.removeAttribute("aria-invalid");
  const form = holderOf(path).closest("form");
  form?.querySelector('input[name="csrf_token"]')?.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Posts to a question's address, with the files that the page names for it; resolves to the status, the JSON and the delay requested. */
function post(path, url, values, onProgress = () => {}) {
  return new Promise((resolve) => {
    const body = new FormData();
    for (const [name, value] of values) body.append(name, value);
    for (const kept of holderOf(path)?.querySelectorAll(`input[name="${CSS.escape(path)}.files"]`) ?? []) body.append(kept.name, kept.value);
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress((event.loaded / event.total) * 100));
    request.addEventListener("loadend", () => {
      renewToken(request.getResponseHeader(NEW_TOKEN));
      let response = {};
      try {
        response = JSON.parse(request.responseText);
      } catch {
        // a proxy's page, or nothing at all: the status says enough
      }
      resolve({ status: request.status, response, retryAfter: request.getResponseHeader("Retry-After") });
    });
    request.send(body);
  });
}

/** Waits so many milliseconds, or until the browser is online again. */
const pause = (delay) => new Promise((resolve) => {
  const goOn = () => {
    clearTimeout(timer);
    removeEventListener("online", goOn);
    resolve();
  };
  const timer = setTimeout(goOn, delay);
  addEventListener("online", goOn);
});

async function upload(entry, retries = 0) {
  const { path, file, item, insteadOf } = entry;
  const bar = item.querySelector("progress");
  const size = item.querySelector("small");
  const holder = holderOf(path);
  if (!holder) return;
  if (!entry.content) {
    if (file.size > Number(holder.dataset.shrinkBytes) && canShrink(file)) size.textContent = translate("shrinking");
    entry.content = await shrunk(file, Number(holder.dataset.shrinkBytes));
    size.textContent = formatSize(entry.content.size);
  }
  const excess = excessOf(entry.content, holder);
  if (excess) {
    showRejected(entry, excess);
    return;
  }
  const values = [["upload", entry.content], ...(insteadOf ? [["instead-of", insteadOf]] : [])];
  const { status, response, retryAfter } = await post(path, holder.dataset.filesAdd, values, (percent) => {
    bar.value = percent;
    if (percent >= 100) size.textContent = translate("checkingFile");
  });
  const delay = retryDelay(status, retryAfter, retries);
  if (status === 200) {
    item.remove();
    hideEmptyList(path);
    showFiles(path, response);
  } else if (delay !== null) {
    bar.value = 0;
    size.textContent = translate(status ? "serverBusy" : "lineCut");
    if (retries === 0) readOut(path, size.textContent);
    await pause(delay);
    await upload(entry, retries + 1);
  } else {
    showRejected(entry, refusalOf(status, response, file), { retry: status !== 422, signIn: response.signIn });
  }
}

/** What to say of an upload that the server did not take. */
function refusalOf(status, response, file) {
  if (response.message) return response.message;
  if (status === 413) return translate("tooLarge", { name: file.name, limit: formatSize(file.size) });
  return translate(status === 0 ? "offline" : "notTaken", { name: file.name });
}

async function processQueue() {
  if (processing) return;
  processing = true;
  while (queue.length) {
    await upload(queue[0]);
    queue.shift();
  }
  processing = false;
  document.dispatchEvent(new CustomEvent(FILES_SETTLED));
}

function enqueue(path, files, insteadOf) {
  const list = partOf(path, "files-sending");
  for (const file of files) {
    const entry = { path, file, insteadOf, item: createItem(file) };
    list.append(entry.item);
    const rejection = rejectionOf(file, holderOf(path));
    if (rejection) showRejected(entry, rejection);
    else queue.push(entry);
  }
  hideEmptyList(path);
  if (queue.length) processQueue();
}

/** Posts what a button of a file asks for; whether the list is another one now. */
async function change(button, url, values) {
  const path = button.closest("[data-files]").dataset.files;
  button.disabled = true;
  const { status, response } = await post(path, url, values);
  if (status === 200) {
    showFiles(path, response);
    return true;
  }
  button.disabled = false;
  button.focus();
  announce(path, response.message ?? translate("offline"));
  return false;
}

/** Removes a file, and leaves the focus on the next one, or on the control to add one. */
async function remove(button) {
  const holder = button.closest("[data-files]");
  const path = holder.dataset.files;
  const removeButtons = () => [...(partOf(path, "file-list")?.querySelectorAll('button[name="remove-file"]') ?? [])];
  const index = removeButtons().indexOf(button);
  if (!(await change(button, holder.dataset.filesRemove, [["file", button.value.slice(path.length + 1)]]))) return;
  const remaining = removeButtons();
  if (remaining.length) remaining[Math.min(index, remaining.length - 1)].focus();
  else inputOf(path)?.focus();
}

/** Moves a file in its list, and leaves the focus on the same button of it, or at an end of the list on the other one. */
async function move(button) {
  const holder = button.closest("[data-files]");
  const path = holder.dataset.files;
  const [, file, by] = button.value.slice(path.length).split(":");
  if (!(await change(button, holder.dataset.filesMove, [["file", file], ["by", by]]))) return;
  const buttonOf = (way) => partOf(path, "file-list")?.querySelector(`button[name="move-file"][value="${CSS.escape(`${path}:${file}:${way}`)}"]:enabled`);
  (buttonOf(by) ?? buttonOf(-by))?.focus();
}

/** A form that is submitted while files are being uploaded waits for them; one that is rejected meanwhile stops it. */
function holdSubmit(event) {
  const form = event.target;
  if (!queue.length || !form.querySelector?.("[data-files]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.waitsForFiles) return;
  form.dataset.waitsForFiles = "true";
  const { submitter } = event;
  const rejectedItems = () => [...form.querySelectorAll("[data-files-sending] .is-bad")];
  const rejectedBefore = new Set(rejectedItems());
  announceHtml(queue[0].path, translate("waitingForFiles"));
  document.addEventListener(FILES_SETTLED, () => {
    delete form.dataset.waitsForFiles;
    const rejected = rejectedItems().find((item) => !rejectedBefore.has(item));
    if (rejected) rejected.querySelector("button")?.focus();
    else form.requestSubmit(submitter);
  }, { once: true });
}

export function watchFiles() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    const holder = input.type === "file" && input.closest("[data-files-add]");
    if (!holder) return;
    const files = [...input.files];
    input.value = "";
    enqueue(holder.dataset.files, files, input.dataset.insteadOf);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('[data-files-remove] :is(button[name="remove-file"], button[name="move-file"])');
    if (!button) return;
    event.preventDefault();
    (button.name === "move-file" ? move : remove)(button);
  });
  document.addEventListener("submit", holdSubmit, true);
  addEventListener("online", () => document.querySelectorAll("[data-retry]").forEach((button) => button.click()));
  addEventListener("beforeunload", (event) => queue.length && event.preventDefault());
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.target.closest?.(".drop-zone")?.classList.toggle("is-over", kind === "dragover");
    });
  }
}
