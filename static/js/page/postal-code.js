// A postal code fills in prefecture, city and town (`data-postal-code`, on its input, names the question): where nothing is written there by
// itself, else nothing is changed. What it could not fill in is said. Without this script the next page that is sent does the same.
import { csrfToken, NEW_TOKEN, renewToken } from "./token.js";

const DELAY = 250;
const NOTE = "from-the-postal-code";
const PARTS = ["prefecture", "city", "town"];

/** The seven digits of a postal code in any width, or null for what is not one (yet). */
export function digitsOf(text) {
  const digits = text.normalize("NFKC").replace(/[^0-9]/g, "");
  return digits.length === 7 ? digits : null;
}

/** Whether an area may be written over what stands there: nothing does, or what an earlier postal code brought. */
export const mayFill = (written, before) => PARTS.every((part) => !written[part]?.trim() || written[part] === before[part]);

async function lookUp(code) {
  const response = await fetch("/postal-codes", {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: new URLSearchParams({ code }),
  }).catch(() => null);
  renewToken(response?.headers.get(NEW_TOKEN));
  return response?.ok ? response.json() : null;
}

function say(input, text) {
  const id = `${input.id}-${NOTE}`;
  document.getElementById(id)?.remove();
  if (!text) return;
  const note = Object.assign(document.createElement("p"), { id, className: "muted", textContent: text });
  note.setAttribute("role", "status");
  input.after(note);
}

class PostalCode {
  constructor(input) {
    this.input = input;
    this.asked = digitsOf(input.defaultValue);
    this.brought = {};
    this.timer = 0;
  }

  soon() {
    clearTimeout(this.timer);
    const code = digitsOf(this.input.value);
    if (code === this.asked) return;
    this.asked = code;
    say(this.input, "");
    if (code) this.timer = setTimeout(() => this.fill(code), DELAY);
  }

  async fill(code) {
    const area = await lookUp(code);
    if (!area || code !== digitsOf(this.input.value)) return; // somebody typed on meanwhile
    const inputs = PARTS.map((part) => [part, document.getElementById(`${this.input.dataset.postalCode}.${part}`)]).filter(([, input]) => input);
    const written = Object.fromEntries(inputs.map(([part, input]) => [part, input.value]));
    const fills = mayFill(written, this.brought);
    if (!fills && area.line) return;
    say(this.input, area.note);
    if (!fills) return;
    for (const [part, input] of inputs) input.value = area.parts[part] ?? "";
    this.brought = area.parts;
    inputs.at(-1)[1].dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function watchPostalCodes() {
  const codes = new WeakMap();
  document.addEventListener("input", ({ target }) => {
    if (target.dataset?.postalCode === undefined) return;
    if (!codes.has(target)) codes.set(target, new PostalCode(target));
    codes.get(target).soon();
  });
}
