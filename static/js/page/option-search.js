// Thousands of options are looked for while one types (`data-option-search` with `data-url`): a combobox with a list, after the ARIA
// pattern. Without this script a button asks the server, and the options come back as cards.
import { formValues } from "./autosave.js";
import { Listbox } from "./listbox.js";
import { translate } from "./messages.js";
import { csrfToken, NEW_TOKEN, renewToken } from "./token.js";

const DELAY = 200;

/** A card as the server makes it, with what was chosen. */
function card(box, { id, label, note }) {
  const made = document.createElement("label");
  made.className = "option-card";
  const input = document.createElement("input");
  Object.assign(input, { type: box.dataset.type, name: box.dataset.optionSearch, value: id, checked: true });
  input.id = `${box.dataset.optionSearch}-${id}`;
  const text = document.createElement("span");
  text.innerHTML = label;
  if (note) text.insertAdjacentHTML("beforeend", `<small>${note}</small>`);
  made.append(input, text);
  return made;
}

class OptionSearch {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input[type=search]");
    this.results = box.querySelector("[data-option-results]");
    this.status = box.querySelector("[data-option-status]");
    this.options = [];
    this.listbox = new Listbox(this.input, this.input.parentElement, translate("suggestions", { label: box.querySelector("label").textContent }), (number) => this.choose(number));
    this.listbox.onAsk = () => this.ask();
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
      event.preventDefault(); // would send the page
      this.ask();
    });
    this.input.addEventListener("blur", () => clearTimeout(this.timer));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), DELAY);
  }

  async ask() {
    const typed = this.input.value;
    if (!typed.trim()) return this.close();
    const body = formValues(this.input.form);
    body.set("find-options", this.box.dataset.optionSearch);
    const response = await fetch(this.box.dataset.url, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, body }).catch(() => null);
    if (!response) return;
    renewToken(response.headers.get(NEW_TOKEN));
    if (!response.ok || typed !== this.input.value) return;
    const { options, status } = await response.json();
    this.status.textContent = status;
    this.open(options);
  }

  open(options) {
    this.options = options;
    this.listbox.show(options.map(({ label, note }) => (note ? `${label}<small>${note}</small>` : label)));
  }

  close() {
    clearTimeout(this.timer);
    this.open([]);
  }

  choose(number) {
    const option = this.options[number];
    const made = card(this.box, option);
    const before = this.results.querySelector(`input[value="${CSS.escape(option.id)}"]`);
    if (this.box.dataset.type === "radio") this.results.replaceChildren(made);
    else if (before) before.checked = true;
    else this.results.append(made);
    this.input.value = "";
    this.status.textContent = "";
    this.close();
    (before?.isConnected ? before : made.firstChild).dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function watchOptionSearch() {
  const enhanced = new WeakSet();
  document.addEventListener("focusin", (event) => {
    const box = event.target.closest?.("[data-option-search][data-url]");
    if (!box || event.target.type !== "search" || enhanced.has(box)) return;
    enhanced.add(box);
    new OptionSearch(box);
  });
}
