/** The place of the freeze bars under the timeline: folded or open, with room for them before they are there. */

import { isOpen, leaveOpen } from "../../state/folds.js";
import { isParted } from "../../state/freezing.js";
import { recall } from "../../state/kept.js";
import { pathsHaveMoved } from "../../timing.js";
import { create, setAttributes } from "../drawing/dom.js";
import { icon } from "../drawing/icons.js";
import { layersOf } from "./layers.js";

/**
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 */

/** Where there is little room, the bars are folded until somebody wants them. */
const NARROW = "(max-width: 760px), (max-height: 540px)";

export class FreezeFold {
  #ctx;
  #isOpen;
  /** @type {import("./freeze-panel.js").FreezePanel | null} */
  #panel = null;
  #isLoading = false;
  /** @type {Data | null} */
  #data = null;
  #step = 0;

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    const hasRoom = recall("freeze") !== null || !matchMedia(NARROW).matches;
    this.#isOpen = hasRoom && isOpen("freeze");
    this.button = create(
      "button",
      { class: "timeline-button", type: "button", "data-action": "freeze", "aria-controls": "freeze" },
      icon("locked"),
    );
    this.button.addEventListener("click", () => this.#toggle());
    this.element = create("div", { class: "freeze-place", id: "freeze" });
  }

  /** @param {Data} data */
  update(data) {
    this.#data = data;
    const run = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
    const layers = run === undefined ? [] : layersOf(run, data);
    const rows = layers.length;
    const parted = layers.filter(({ name }) => isParted(run.config.freeze ?? [], name)).length;
    const isTaught = data.pointsAt === "timeline";
    const isShown = (isTaught || this.#isOpen) && rows > 0;
    this.button.hidden = isTaught || rows === 0;
    const title = this.#ctx.t(`views.freeze.${this.#isOpen ? "fold" : "unfold"}`);
    setAttributes(this.button, {
      "aria-label": title,
      "data-hint": title,
      "aria-expanded": String(this.#isOpen),
    });
    this.element.hidden = !isShown;
    this.element.style.setProperty("--rows", String(rows));
    this.element.style.setProperty("--parted", String(parted));
    const isDrawn = data.surface !== null || (data.nothing ?? null) !== null;
    if (isShown && isDrawn && !this.#isLoading) void this.#load();
    if (isShown) this.#panel?.update(data);
    this.setStep(this.#step);
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    if (!this.element.hidden) this.#panel?.setStep(step);
  }

  /** The paths move first. */
  async #load() {
    this.#isLoading = true;
    await pathsHaveMoved(this.#ctx.player);
    const { FreezePanel } = await import("./freeze-panel.js");
    this.#panel = new FreezePanel(this.#ctx);
    this.element.append(this.#panel.element);
    if (this.#data !== null) this.update(this.#data);
  }

  #toggle() {
    this.#isOpen = !this.#isOpen;
    leaveOpen("freeze", this.#isOpen);
    if (this.#data !== null) this.update(this.#data);
  }
}
