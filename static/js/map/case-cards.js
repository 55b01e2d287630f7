// What the pins of the staff map say: by a card under the pointer, the focus and the finger, and by their names for who hears them.
import { CASES_FILTERED } from "../events.js";
import { translate } from "../page/messages.js";

const ADDRESS = "/desk/map/cards";
const MOST_ON_CARD = 8;
const HOVER_TIME = 120; // milliseconds after which the pointer means a pin

/** The words of a card in one line. */
const wordsOf = (node) => node.textContent.replace(/\s+/g, " ").trim();

/** Cards of cases, each asked for once as long as the list stays the same. */
class Cards {
  constructor() {
    this.known = new Map();
    document.addEventListener(CASES_FILTERED, () => this.known.clear());
  }

  /** @returns {Promise<Element[]>} the cards of cases, without those that cannot be seen (any more) */
  async of(ids) {
    const missing = ids.filter((id) => !this.known.has(id));
    if (missing.length) {
      const asked = fetch(`${ADDRESS}?case=${missing.join(",")}`, { credentials: "same-origin" })
        .then((response) => (response.ok && !response.redirected ? response.text() : ""))
        .catch(() => "")
        .then((html) => {
          const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
          return new Map([...content.querySelectorAll("[data-card]")].map((card) => [card.dataset.card, card]));
        });
      for (const id of missing) this.known.set(id, asked.then((cards) => cards.get(id)));
    }
    const cards = await Promise.all(ids.map((id) => this.known.get(id)));
    return cards.filter(Boolean);
  }
}

export class CaseCards {
  /** @param {import("./card.js").MapCard} card where it is shown  @param {(caseId: string) => void} open */
  constructor(card, open) {
    this.card = card;
    this.cards = new Cards();
    card.element.addEventListener("click", (event) => {
      const item = event.target.closest("[data-card]");
      if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      card.hide();
      open(item.dataset.card);
    });
  }

  /** The name of the pins at one place: what their card says; null while that cannot be known. */
  async nameOf(ids) {
    const names = (await this.cards.of(ids.slice(0, MOST_ON_CARD))).map(wordsOf);
    if (!names.length) return null;
    return ids.length > 1 ? translate("casesHere", { n: ids.length, names: names.join("、") }) : names[0];
  }

  /** Asks for the cards of many pins at once, before they are needed one by one. */
  foresee(ids) {
    return this.cards.of(ids);
  }

  /** Shows the cases at one place, unless the pointer has gone elsewhere meanwhile. */
  async show(cases, options = {}) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const items = await this.cards.of(cases.slice(0, MOST_ON_CARD).map(({ id }) => id));
    if (turn !== this.turn || !items.length) return;
    const list = document.createElement("ol");
    list.className = "case-cards";
    list.append(...items.map((item) => item.cloneNode(true)));
    const nodes = [list];
    if (cases.length > MOST_ON_CARD) {
      const more = document.createElement("p");
      more.className = "muted";
      more.textContent = translate("moreCasesHere", { n: cases.length - MOST_ON_CARD });
      nodes.push(more);
    }
    this.card.show(cases[0].latlng, nodes, options);
  }

  /** The pointer is over these cases, or over none. */
  hover(cases) {
    const key = cases.map(({ id }) => id).join();
    if (key === this.hovered) return;
    this.hovered = key;
    clearTimeout(this.waiting);
    if (this.card.stays) return;
    if (cases.length) this.waiting = setTimeout(() => this.show(cases), HOVER_TIME);
    else this.leave();
  }

  leave() {
    this.turn = (this.turn ?? 0) + 1; // what is on its way comes too late
    this.hovered = "";
    this.card.leave();
  }
}
