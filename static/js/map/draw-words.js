// What the drawing map says: what just happened, which a screen reader hears, and what can be done next. The sentences are in the page.

export class DrawingWords {
  constructor(frame) {
    this.hint = frame.querySelector("[data-map-hint]");
    this.said = this.hint?.querySelector("[data-said]");
    this.how = this.hint?.querySelector("[data-how]");
    this.keys = this.hint?.querySelector("[data-keys]");
    this.sentences = new Map([...frame.querySelectorAll("template[data-sentence]")].map((each) => [each.dataset.sentence, each.innerHTML]));
  }

  /** Says what came of a press or a key. */
  say(key, values = {}) {
    if (this.said) this.said.innerHTML = this.#sentence(key, values);
  }

  /** Shows what can be done now, and the keys for it. */
  show(how, keys, values = {}) {
    if (!this.hint) return;
    this.how.innerHTML = this.#sentence(how, values);
    this.keys.innerHTML = this.#sentence(keys, values);
  }

  #sentence(key, values) {
    return (this.sentences.get(key) ?? "").replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  }
}
