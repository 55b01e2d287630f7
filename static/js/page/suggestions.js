// While somebody types in a search box (`data-suggestions`): titles of what the words mean, below the box. Choosing one leads there; how many
// there are is said.
import { Listbox } from "./listbox.js";
import { translate } from "./messages.js";

const DELAY = 200;
const LEAST = 2;

class Suggestions {
  constructor(form) {
    this.address = form.dataset.suggestions;
    this.input = form.querySelector("input[type=search]");
    this.said = form.parentElement.querySelector("[data-suggestions-said]");
    this.links = [];
    this.listbox = new Listbox(this.input, form, translate("suggestions", { label: this.input.labels[0].textContent }), (number) => window.location.assign(this.links[number]));
    this.listbox.onAsk = () => this.ask();
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("blur", () => clearTimeout(this.timer));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), DELAY);
  }

  async ask() {
    const typed = this.input.value.trim();
    if (typed.length < LEAST) return this.show([], "");
    const response = await fetch(`${this.address}?${new URLSearchParams({ q: typed })}`).catch(() => null);
    if (!response?.ok) return; // the box works as it does without scripts
    const { suggestions, status } = await response.json();
    if (typed === this.input.value.trim() && document.activeElement === this.input) this.show(suggestions, status);
  }

  show(suggestions, status) {
    this.links = suggestions.map(({ href }) => href);
    this.listbox.show(suggestions.map(({ title, note }) => (note ? `<span>${title}</span><small>${note}</small>` : title)));
    this.said.textContent = status;
  }
}

export function watchSuggestions() {
  document.querySelectorAll("form[data-suggestions]").forEach((form) => new Suggestions(form));
}
