// Steps on their way to the server, one after another in the order in which they were made. They stay in this window until the server has
// answered, so that a slow line, an ended session or a reload loses none; a step that is sent twice counts once by its token.
import { csrfToken, NEW_TOKEN, renewToken } from "../page/token.js";

const RETRY = 5000; // ms
const ANSWERED = [200, 404, 409, 422];

const newToken = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class StepQueue {
  /**
   * @param {string} url where steps go
   * @param {{onAnswer: (answer: {status: number, page: Document, item: object}) => void, onIdle: () => void, say: (word: string) => void}} options
   *   `say` is called with saving | waiting | signIn | refused
   */
  constructor(url, { onAnswer, onIdle, say }) {
    Object.assign(this, { url, onAnswer, onIdle, say, busy: false });
    this.items = JSON.parse(sessionStorage.getItem(this.#key) ?? "[]");
    addEventListener("online", () => this.drain());
    if (this.items.length) this.drain();
  }

  get #key() {
    return `steps:${this.url}`;
  }

  get idle() {
    return !this.items.length;
  }

  /** @param {Record<string, string>|FormData} fields @param {"panel"|"state"} shows which part of the page the answer replaces */
  add(fields, shows = "panel") {
    const body = new URLSearchParams(fields instanceof FormData ? fields : Object.entries(fields));
    body.delete("csrf_token");
    body.delete("token");
    const content = body.toString();
    if (this.items.at(-1)?.content === content) return; // pressed twice
    this.items.push({ content, token: newToken(), shows, act: body.get("act") });
    this.#keep();
    this.drain();
  }

  async drain() {
    if (this.busy || this.idle) return;
    this.busy = true;
    clearTimeout(this.timer);
    while (!this.idle) {
      this.say("saving");
      const [item] = this.items;
      const answer = await this.#send(item);
      if (!answer) break;
      this.items.shift();
      this.#keep();
      this.onAnswer({ ...answer, item });
    }
    this.busy = false;
    if (this.idle) this.onIdle();
  }

  /** The answer to a step; null when the server did not take notice of it, and it has to be sent again. */
  async #send(item) {
    const body = `${item.content}&token=${item.token}`;
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken(), "Content-Type": "application/x-www-form-urlencoded" };
    const response = await fetch(this.url, { method: "POST", body, headers, credentials: "same-origin" }).catch(() => null);
    if (!response) return this.#wait("waiting");
    renewToken(response.headers.get(NEW_TOKEN));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (ANSWERED.includes(response.status) && page.getElementById("edit-state")) return { status: response.status, page };
    return this.#wait(page.querySelector('a[href^="/desk/sign-in"]') ? "signIn" : response.status >= 500 || response.status === 429 ? "waiting" : "refused");
  }

  #wait(word) {
    this.say(word);
    if (word === "waiting") this.timer = setTimeout(() => this.drain(), RETRY);
    return null;
  }

  #keep() {
    sessionStorage.setItem(this.#key, JSON.stringify(this.items));
  }
}
