// The tools of the drawing map: what a press does, the button under the cross, the end of a drawing, and the measures of a strip.
import L from "leaflet";
import { distance } from "./measure.js";
import { metresOf } from "./metres.js";
import { withLength } from "./strip.js";
import { fitTools } from "./tool-fit.js";

const LEAST = { point: 1, line: 2, polygon: 3 };

export class DrawingTools {
  constructor(drawing) {
    this.drawing = drawing;
    this.bar = drawing.frame.querySelector("[data-map-tools]");
    this.actions = drawing.frame.querySelector("[data-map-actions]");
    this.measures = drawing.frame.querySelector("[data-strip]");
    this.length = this.measures?.querySelector("[data-strip-length]");
    this.breadth = this.measures?.querySelector("[data-strip-width]");
    for (const part of [this.bar, this.actions, this.measures]) part && L.DomEvent.disableClickPropagation(part);
    this.bar?.addEventListener("click", (event) => this.#press(event.target.closest("button")?.dataset.tool));
    this.actions?.addEventListener("click", (event) => this.#press(event.target.closest("button")?.dataset.action));
    if (this.bar) fitTools(drawing.frame, this.bar);
    this.#wireMeasures();
  }

  /** The width that the next strip has, in metres. */
  get width() {
    return metresOf(this.breadth?.value ?? "") ?? 1;
  }

  /** Shows which tool is in use, and which buttons have something to do. */
  update() {
    const { drawing } = this;
    for (const button of this.bar?.querySelectorAll("[aria-pressed]") ?? []) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === drawing.tool));
    }
    this.#enable("undo", drawing.history.length > 0);
    this.#enable("clear", drawing.points.length > 0);
    const finish = this.actions?.querySelector('[data-action="finish"]');
    if (finish) finish.hidden = !(drawing.tool === "draw" && drawing.points.length >= LEAST[drawing.kind]);
    if (this.measures) this.measures.hidden = !(drawing.tool === "strip" || drawing.strip);
    this.#showStrip();
  }

  #press(name) {
    const { drawing } = this;
    if (name === "undo") drawing.undo();
    else if (name === "clear") drawing.clear();
    else if (name === "set") drawing.addInTheMiddle();
    else if (name === "finish") drawing.finish();
    else if (name) drawing.use(name);
  }

  /** A button that has nothing to do says so, and keeps the focus of who has just pressed it. */
  #enable(tool, enabled) {
    this.bar?.querySelector(`[data-tool="${tool}"]`)?.setAttribute("aria-disabled", String(!enabled));
  }


  #wireMeasures() {
    this.measures?.addEventListener("change", (event) => {
      event.stopPropagation();
      const { strip, meridian } = this.drawing;
      const metres = metresOf(event.target.value);
      if (strip && metres) {
        const isWidth = event.target === this.breadth;
        this.drawing.setStrip(isWidth ? { ...strip, width: metres } : withLength(strip, metres, meridian));
      } else this.#showStrip();
    });
    this.measures?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      event.target.blur();
    });
    this.measures?.querySelector("[data-strip-turn]").addEventListener("click", () => {
      const { strip } = this.drawing;
      if (strip) this.drawing.setStrip({ ...strip, side: -strip.side });
    });
  }

  #showStrip() {
    const { strip, meridian } = this.drawing;
    for (const part of this.measures?.querySelectorAll("[data-strip-drawn]") ?? []) part.hidden = !strip;
    if (!strip) return;
    this.length.value = distance(strip.from, strip.to, meridian).toFixed(1);
    this.breadth.value = String(strip.width);
  }
}
