// Thousands of options are looked for while one types (`data-option-search` with `data-url`): a combobox with a list, after the ARIA
// pattern. Without this script a button asks the server, and the options come back as cards.
import { formValues } from "./autosave.js";
import { csrfToken, NEW_TOKEN, renewToken } from "./token.js";

const DELAY = 200;

/** The number of the option to go to with a key, of `count`; -1 for none. */
export function nextOption(key, now, count) {
  if (!count) return -1;
  if (key === "ArrowDown") return (now + 1) % count;
  if (key === "ArrowUp") return now <= 0 ? count - 1 : now - 1;
  return now;
}

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
    this.active = -1;
    this.list = document.createElement("ul");
    Object.assign(this.list, { className: "option-search__list", id: `${this.input.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", box.querySelector("label").textContent);
    this.input.parentElement.after(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" })) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the focus stays in the input
      const item = event.target.closest("[role=option]");
      if (item) this.choose([...this.list.children].indexOf(item));
    });
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
    this.list.replaceChildren(...options.map(({ label, note }, number) => {
      const item = document.createElement("li");
      item.id = `${this.list.id}-${number}`;
      item.setAttribute("role", "option");
      item.innerHTML = note ? `${label}<small>${note}</small>` : label;
      return item;
    }));
    this.list.hidden = !options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.point(-1);
  }

  close() {
    clearTimeout(this.timer);
    this.open([]);
  }

  point(number) {
    this.active = number;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === number)));
    const item = this.list.children[number];
    if (item) {
      this.input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.ask();
      else this.point(nextOption(event.key, this.active, this.options.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.active >= 0) this.choose(this.active);
      else this.ask();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
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
