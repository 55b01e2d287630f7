// The list under an input in which one types (a combobox after the ARIA pattern): what the server offers, walked with arrow keys while the
// focus stays in the input, chosen with Enter, a press or a touch, closed with Escape.

/** The number of the option to go to with a key, of `count`; -1 for none. */
export function nextOption(key, now, count) {
  if (!count) return -1;
  if (key === "ArrowDown") return (now + 1) % count;
  if (key === "ArrowUp") return now <= 0 ? count - 1 : now - 1;
  return now;
}

export class Listbox {
  /** Called when arrows are pressed on a closed list. */
  onAsk = () => {};

  /** input: gets the role of a combobox; after: the element below which the list stands; onChoose: called with the number of an option. */
  constructor(input, after, label, onChoose) {
    this.input = input;
    this.onChoose = onChoose;
    this.active = -1;
    this.list = document.createElement("ul");
    Object.assign(this.list, { className: "option-list", id: `${input.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    after.after(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" })) {
      input.setAttribute(name, value);
    }
    input.autocomplete = "off";
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the input
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.onChoose([...this.list.children].indexOf(item));
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Show options, each the HTML of what stands in it; none closes the list. */
  show(contents) {
    this.list.replaceChildren(...contents.map((html, number) => {
      const item = document.createElement("li");
      item.id = `${this.list.id}-${number}`;
      item.setAttribute("role", "option");
      item.innerHTML = html;
      return item;
    }));
    this.list.hidden = !contents.length;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.#point(-1);
  }

  close() {
    this.show([]);
  }

  #point(number) {
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

  #onKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.isOpen) this.#point(nextOption(event.key, this.active, this.list.children.length));
      else this.onAsk();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.onChoose(this.active);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      this.close();
    }
  }
}
