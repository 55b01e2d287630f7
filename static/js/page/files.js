// Chosen files are listed, and refused in words before anything is sent.
import { say } from "./words.js";

const ICON = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 2.5h8l5 5v14H6Z"/><path d="M14 2.5v5h5"/></svg>';

/** 1536 -> "1.5 KB" as people read sizes. */
export function sizeInWords(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`;
}

/** Whether a file fits an `accept` list; the server looks into the content, this only spares a wasted upload. */
export function isAccepted(name, type, accept) {
  const rules = accept.split(",").map((rule) => rule.trim().toLowerCase()).filter(Boolean);
  if (rules.length === 0) return true;
  return rules.some((rule) => {
    if (rule.startsWith(".")) return name.toLowerCase().endsWith(rule);
    if (rule.endsWith("/*")) return type.startsWith(rule.slice(0, -1));
    return type === rule;
  });
}

function faultOf(file, input) {
  const limit = Number(input.dataset.maxBytes ?? 0);
  if (limit && file.size > limit) return say("tooLarge", { name: file.name, limit: sizeInWords(limit) });
  if (!isAccepted(file.name, file.type, input.accept)) {
    return say("wrongType", { name: file.name, types: input.dataset.types ?? input.accept });
  }
  return null;
}

function row(file, fault) {
  const item = document.createElement("li");
  item.className = fault ? "file is-bad" : "file";
  item.innerHTML = ICON;
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = file.name;
  const small = document.createElement("small");
  small.textContent = fault ?? sizeInWords(file.size);
  words.append(small);
  item.append(words);
  return item;
}

export function watchFiles() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    const list = input.type === "file" && input.closest("[data-files]")?.querySelector("[data-file-list]");
    if (!list) return;
    const chosen = [...input.files].map((file) => ({ file, fault: faultOf(file, input) }));
    list.replaceChildren(...chosen.map(({ file, fault }) => row(file, fault)));
    const good = new DataTransfer();
    for (const { file, fault } of chosen) if (!fault) good.items.add(file);
    input.files = good.files;
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.target.closest?.(".drop")?.classList.toggle("is-over", kind === "dragover");
    });
  }
}
