// The page on which the features of a layer are edited: the map, and the forms beside it. Both send steps; both show what the server answers.
import { FeatureEditor } from "./editor.js";
import { StepQueue } from "./queue.js";

const AUTOSAVE = 300; // ms after a value was changed

class EditPage {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(root.dataset.words);
    this.queue = new StepQueue(`${root.dataset.layerEdit}/steps`, {
      onAnswer: (answer) => this.#answered(answer),
      onIdle: () => this.editor?.load(),
      say: (word) => this.#say(word),
    });
    root.addEventListener("submit", (event) => this.#submitted(event));
    root.addEventListener("change", (event) => this.#changed(event));
    root.addEventListener("click", (event) => {
      const link = event.target.closest("[data-edit-feature]");
      if (event.target.closest("[data-edit-retry]")) this.queue.drain();
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.show(Number(link.dataset.editFeature), true);
    });
  }

  get idle() {
    return this.queue.idle;
  }

  get #chosen() {
    return Number(document.getElementById("edit-state").dataset.feature) || null;
  }

  send(fields, shows) {
    this.queue.add(fields, shows);
  }

  /** Shows a feature in the panel, and on the map. */
  async show(id, approach = false) {
    const response = await fetch(`${this.root.dataset.layerEdit}/feature?feature=${id}`).catch(() => null);
    if (!response?.ok) return this.#say("waiting");
    this.#replace(new DOMParser().parseFromString(await response.text(), "text/html"), "panel");
    const address = new URL(location);
    address.searchParams.set("feature", id);
    history.replaceState(null, "", address);
    this.#follow();
    if (!approach) return undefined;
    this.editor?.approach();
    return document.getElementById("edit-parts").focus({ preventScroll: true });
  }

  /** The map and the list show the feature of the panel as chosen. */
  #follow() {
    this.editor?.choose(this.#chosen);
    for (const link of this.root.querySelectorAll("[data-edit-feature]")) {
      if (Number(link.dataset.editFeature) === this.#chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  #submitted(event) {
    const form = event.target.closest("[data-edit-step]");
    if (!form) return;
    event.preventDefault();
    this.send(new FormData(form, event.submitter));
  }

  #changed(event) {
    const form = event.target.closest("[data-edit-autosave]");
    if (!form) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(new FormData(form), "state"), AUTOSAVE);
  }

  #answered({ status, page, item }) {
    const taken = status === 200;
    this.#replace(page, item.shows === "state" && taken ? "state" : "panel");
    const { fault } = document.getElementById("edit-state").dataset;
    this.editor?.answered(taken, fault ? JSON.parse(fault) : null);
    this.#follow();
    if (!taken) return;
    if (item.act !== "shape" && item.act !== "move") this.#reloadList();
  }

  #reloadList() {
    const words = document.getElementById("find").value;
    const query = new URLSearchParams({ q: words, feature: this.#chosen ?? "", after: new URLSearchParams(location.search).get("after") ?? "" });
    window.madoguchi.htmx.ajax("GET", `${this.root.dataset.layerEdit}/list?${query}`, "#edit-list");
  }

  #replace(page, shows) {
    const focused = document.activeElement;
    const parts = shows === "state" ? ["edit-state"] : ["edit-state", "edit-panel"];
    const lost = parts.some((id) => document.getElementById(id).contains(focused));
    for (const id of parts) document.getElementById(id).replaceWith(page.getElementById(id));
    window.madoguchi.htmx.process(document.getElementById("edit-parts"));
    if (lost) (document.getElementById(focused.id) ?? document.getElementById("edit-parts")).focus({ preventScroll: true });
  }

  #say(word) {
    const status = this.root.querySelector("[data-edit-status]");
    status.textContent = this.words[word];
    if (word === "saving") return;
    const again = Object.assign(document.createElement("button"), { type: "button", className: "button button--line button--small", textContent: this.words.again });
    again.dataset.editRetry = "";
    status.append(" ", again);
    if (word !== "signIn") return;
    const link = Object.assign(document.createElement("a"), { href: "/desk/sign-in", target: "_blank", textContent: this.words.signInLink });
    status.append(" ", link);
  }
}

function editFeatures(map, options) {
  const page = new EditPage(document.querySelector("[data-layer-edit]"));
  page.editor = new FeatureEditor(map, options, page);
  const { feature } = document.getElementById("edit-state").dataset;
  page.editor.choose(Number(feature) || null);
}

window.madoguchi.map.editFeatures = editFeatures;
