// The page of what this phone keeps: visits that were taken along are written here, with and without a connection, and sent from here.
import { post, session } from "./connection.js";
import { devicePosition, photoOf } from "./photos.js";
import { newDraft, VisitQueue } from "./queue.js";
import { drafts, forgetOld, lastStaff, rememberStaff, visits } from "./store.js";

const RETRY = 15_000; // ms

export function watchKept() {
  const main = document.querySelector("[data-visits-kept]");
  if (main && window.indexedDB) new KeptPage(main).start();
}

class KeptPage {
  constructor(main) {
    this.main = main;
    this.words = JSON.parse(main.dataset.words);
    this.form = main.querySelector("#visit-form");
    this.questions = main.querySelector("[data-kept-form]");
    this.draft = null;
    this.queue = new VisitQueue({ drafts, session, post, say: (word) => this.say(word), onChange: () => this.showList() });
  }

  find(name) {
    return this.main.querySelector(`[data-${name}]`);
  }

  async start() {
    await forgetOld();
    this.staff = await lastStaff();
    navigator.serviceWorker?.register("/desk/visits/worker.js", { scope: "/desk/visits/" }).catch(() => {});
    this.form.addEventListener("input", (event) => event.target.type !== "file" && this.save());
    this.form.addEventListener("change", (event) => event.target.type === "file" && this.addPhotos(event.target));
    this.form.addEventListener("submit", (event) => this.finish(event));
    for (const button of this.find("ask-discard").querySelectorAll("button")) {
      button.addEventListener("click", () => this.find("ask-discard").close(button.value));
    }
    this.find("close").addEventListener("click", () => this.close());
    addEventListener("online", () => this.send());
    addEventListener("visibilitychange", () => document.hidden || this.send());
    await this.showList();
    await this.send();
  }

  say(word) {
    this.find("visit-status").textContent = this.words[word];
    this.find("sign-in-link").hidden = word !== "signIn";
    clearTimeout(this.timer);
    if (word === "busy" || word === "offline") this.timer = setTimeout(() => this.send(), RETRY);
  }

  async send() {
    const staff = await this.queue.drain();
    if (staff !== undefined && staff !== this.staff) {
      this.staff = staff; // a colleague signed in on this phone: what the other wrote waits, unseen
      await rememberStaff(staff);
      this.close();
      this.say("other");
    }
    await this.showList();
  }

  async showList() {
    const [kept, written] = await Promise.all([visits.of(this.staff), drafts.of(this.staff)]);
    const byKey = new Map(kept.map((visit) => [visit.key, { visit }]));
    for (const draft of written) byKey.set(draft.key, { ...byKey.get(draft.key), draft });
    this.find("kept-none").hidden = byKey.size > 0;
    this.find("kept-items").replaceChildren(...[...byKey.values()].map((entry) => this.item(entry)));
  }

  item({ visit, draft }) {
    const item = this.main.querySelector("template[data-item]").content.firstElementChild.cloneNode(true);
    const known = visit ?? draft;
    item.querySelector("h3").textContent = known.place || known.title;
    const since = visit ? this.words.kept.replace("{moment}", new Date(visit.keptAt).toLocaleString("ja")) : "";
    item.querySelector("[data-facts]").textContent = [known.title, known.number, since].filter(Boolean).join("・");
    if (draft) {
      item.querySelector("[data-state]").textContent = this.words[draft.state === "noting" ? "ready" : draft.state];
      this.tell(item, draft);
    }
    const acts = this.actsOf(visit, draft).map(([name, act]) => {
      const button = this.main.querySelector(`template[data-act="${name}"]`).content.firstElementChild.cloneNode(true);
      const number = document.createElement("span");
      number.className = "visually-hidden";
      number.textContent = `(${known.number})`;
      button.append(number);
      button.addEventListener("click", act);
      return button;
    });
    item.querySelector("[data-acts]").append(...acts);
    return item;
  }

  tell(item, draft) {
    const reason = item.querySelector("[data-reason]");
    const text = draft.reason || (draft.state === "refused" ? this.words.notTaken : "");
    reason.hidden = !text;
    reason.textContent = text;
    const changes = item.querySelector("[data-changes]");
    changes.hidden = !draft.changes.length;
    changes.replaceChildren(...draft.changes.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  actsOf(visit, draft) {
    const open = ["open", () => this.open(visit, draft)];
    const discard = ["discard", () => this.discard(visit, draft)];
    if (!draft) return [open, discard];
    if (draft.state === "sent") return [];
    if (draft.state === "refused") {
      const again = ["again", () => this.change(draft, { state: "ready", seen: draft.newSeen })];
      const note = ["note", () => this.change(draft, { state: "noting" })];
      return [...(draft.newSeen ? [again] : []), ...(visit ? [open] : []), note, discard];
    }
    return visit ? [open, discard] : [discard];
  }

  async change(draft, values) {
    Object.assign(draft, values, { reason: "", changes: [], newSeen: null, changedAt: Date.now() });
    await drafts.put(draft);
    await this.showList();
    await this.send();
  }

  async discard(visit, draft) {
    const dialog = this.find("ask-discard");
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue !== "discard") return;
    if (draft) await drafts.remove(draft.key);
    if (visit) await visits.remove(visit.key);
    await this.showList();
    this.main.focus();
  }

  open(visit, draft) {
    this.visit = visit;
    this.draft = draft && draft.state !== "sent" ? draft : newDraft(visit);
    this.questions.innerHTML = visit.html; // as our own server wrote it
    for (const [name, value] of this.draft.values) {
      for (const input of this.questions.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (["radio", "checkbox"].includes(input.type)) input.checked ||= input.value === value;
        else if (input.type !== "file") input.value = value;
      }
    }
    this.find("problem").hidden = !this.draft.reason;
    this.find("problem-text").textContent = this.draft.reason;
    this.find("problem-lines").replaceChildren(...this.draft.changes.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    this.showPhotos();
    this.find("kept-list").hidden = true;
    this.find("kept-one").hidden = false;
    this.find("saved").textContent = "";
    this.find("close").focus();
  }

  close() {
    this.draft = null;
    this.questions.replaceChildren();
    this.find("kept-one").hidden = true;
    this.find("kept-list").hidden = false;
  }

  /** Keeps what stands in the form; it is written again, whatever became of it before. */
  async save(state = "typing") {
    const values = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    Object.assign(this.draft, { values, state, changedAt: Date.now() });
    try {
      await drafts.put(this.draft);
      this.find("saved").textContent = this.words[state];
      return true;
    } catch {
      this.find("saved").textContent = this.words.full;
      return false;
    }
  }

  async addPhotos(input) {
    const holder = input.closest("[data-files]");
    const chosen = [...input.files];
    input.value = "";
    const max = Number(holder.dataset.max);
    let where;
    const position = () => (where ??= this.find("with-position").checked ? devicePosition() : Promise.resolve(null));
    for (const file of chosen) {
      const status = holder.querySelector("[data-files-status]");
      if (this.draft.photos.filter(({ question }) => question === holder.dataset.files).length >= max) {
        status.textContent = this.words.tooMany.replace("{max}", max);
        break;
      }
      const { photo, problem } = await photoOf(file, holder, this.words, position);
      status.textContent = problem ?? "";
      if (photo) this.draft.photos.push(photo);
    }
    await this.save();
    this.showPhotos();
  }

  showPhotos() {
    for (const holder of this.questions.querySelectorAll("[data-files]")) {
      const list = holder.querySelector("[data-files-sending]");
      const own = this.draft.photos.filter(({ question }) => question === holder.dataset.files);
      list.hidden = !own.length;
      list.replaceChildren(...own.map((photo) => this.photo(photo)));
    }
  }

  photo(photo) {
    const item = Object.assign(document.createElement("li"), { className: "file" });
    if (photo.blob) {
      const image = new Image(64, 48);
      Object.assign(image, { className: "file__thumbnail", alt: "", src: URL.createObjectURL(photo.blob) });
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      item.append(image);
    }
    const words = Object.assign(document.createElement("span"), { className: "grow", textContent: photo.name });
    const source = { photo: this.words.fromPhoto, device: this.words.fromDevice }[photo.source] ?? this.words.noPlace;
    words.append(Object.assign(document.createElement("small"), { textContent: `${new Date(photo.at).toLocaleString("ja")}・${source}` }));
    item.append(words);
    if (!photo.arrived) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet button--medium", textContent: this.words.removePhoto });
      button.setAttribute("aria-label", `${photo.name} ${this.words.removePhoto}`);
      button.addEventListener("click", async () => {
        this.draft.photos = this.draft.photos.filter((each) => each !== photo);
        await this.save();
        this.showPhotos();
      });
      item.append(button);
    }
    return item;
  }

  async finish(event) {
    event.preventDefault();
    Object.assign(this.draft, { reason: "", changes: [] });
    if (!(await this.save("ready"))) return;
    this.close();
    await this.showList();
    await this.send();
  }
}
