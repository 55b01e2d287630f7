// A postal code fills in prefecture, city and town (`data-postal-code`, on its input, names the question): where nothing is written there by
// itself, else nothing is changed, and it is said if something else is written. What it could not fill in is said too. Without this script the
// next page that is sent has what was filled in, and the last look before sending says what differs.
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

async function lookUp(code, written) {
  const response = await fetch("/postal-codes", {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: new URLSearchParams({ code, ...written }),
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

  get inputs() {
    return PARTS.map((part) => [part, document.getElementById(`${this.input.dataset.postalCode}.${part}`)]).filter(([, input]) => input);
  }

  get written() {
    return Object.fromEntries(this.inputs.map(([part, input]) => [part, input.value]));
  }

  /** Says what differs from what is written, and nothing where nothing does. */
  async compare() {
    const code = digitsOf(this.input.value);
    const area = code && (await lookUp(code, this.written));
    if (area && code === digitsOf(this.input.value)) say(this.input, area.doubt);
  }

  async fill(code) {
    const area = await lookUp(code, this.written);
    if (!area || code !== digitsOf(this.input.value)) return; // somebody typed on meanwhile
    const { inputs, written } = this;
    const fills = mayFill(written, this.brought);
    say(this.input, fills || !area.line ? area.note : area.doubt);
    if (!fills) return;
    for (const [part, input] of inputs) input.value = area.parts[part] ?? "";
    this.brought = area.parts;
    this.isFilling = true;
    inputs.at(-1)[1].dispatchEvent(new Event("change", { bubbles: true }));
    this.isFilling = false;
  }
}

export function watchPostalCodes() {
  const codes = new WeakMap();
  const codeAt = (input) => {
    if (!codes.has(input)) codes.set(input, new PostalCode(input));
    return codes.get(input);
  };
  document.addEventListener("input", ({ target }) => {
    if (target.dataset?.postalCode !== undefined) codeAt(target).soon();
  });
  document.addEventListener("change", ({ target }) => {
    const [, question, part] = /^(.+)\.(\w+)$/.exec(target.id ?? "") ?? [];
    const input = PARTS.includes(part) && document.getElementById(`${question}.postal_code`);
    if (input?.dataset?.postalCode !== undefined && !codeAt(input).isFilling) codeAt(input).compare();
  });
  for (const input of document.querySelectorAll("[data-postal-code]")) {
    const code = codeAt(input);
    if (Object.values(code.written).some((text) => text.trim())) code.compare();
  }
}
