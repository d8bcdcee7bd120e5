/** Plays a step line by line: one line is the running one, those before it are done. */

import { actOf } from "../../keys.js";
import { create, setAttributes, setText } from "../drawing/dom.js";
import { icon, setIcon } from "../drawing/icons.js";

/** @typedef {import("../types.js").Context} Context */

/** How long a line is the running one, in milliseconds. */
const LINE_MS = 1100;

export class PhasePlayer {
  #ctx;
  #onEnd;
  #icon = icon("play");
  #back = button("back", icon("back"));
  #play = button("play", this.#icon);
  #next = button("next", icon("forward"));
  #place = create("span", { class: "phase-place", "aria-live": "polite" });
  /** @type {HTMLElement[]} */
  #lines = [];
  /** @type {number | null} the running line; null where none is */
  #line = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Context} ctx
   * @param {() => boolean} onEnd  the last line has run; whether there is a next step, which is shown then
   */
  constructor(ctx, onEnd) {
    this.#ctx = ctx;
    this.#onEnd = onEnd;
    this.element = create("div", { class: "phase-player", role: "group" }, this.#back, this.#play, this.#next, this.#place); // prettier-ignore
    this.#back.addEventListener("click", () => this.moveBy(-1));
    this.#next.addEventListener("click", () => this.moveBy(1));
    this.#play.addEventListener("click", () => (this.isPlaying ? this.pause() : this.play()));
  }

  /** Whether it goes on by itself. */
  get isPlaying() {
    return this.#timer !== undefined;
  }

  /** @param {HTMLElement[]} lines  that run, in order */
  setLines(lines) {
    this.#lines = lines;
    if (this.#line !== null) this.#line = Math.min(this.#line, lines.length - 1);
    this.#draw();
  }

  /** No line runs: the step is shown as it is when it is done. */
  rest() {
    this.pause();
    this.#line = null;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const act = actOf("lines", event);
    if (act === null) return;
    event.preventDefault();
    this.moveBy(act === "next" ? 1 : -1);
  }

  /** @param {number} lines  negative to go back */
  moveBy(lines) {
    this.pause();
    this.#goTo(this.#line === null ? (lines > 0 ? 0 : this.#lines.length - 1) : this.#line + lines);
  }

  play() {
    this.#ctx.player.pause();
    const isOver = this.#line === null || this.#line >= this.#lines.length - 1;
    this.#wait();
    this.#goTo(isOver ? 0 : /** @type {number} */ (this.#line) + 1);
  }

  pause() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draw();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), LINE_MS);
  }

  #tick() {
    const isLast = this.#line !== null && this.#line >= this.#lines.length - 1;
    if (isLast && !this.#onEnd()) return this.pause();
    this.#wait();
    return this.#goTo(isLast || this.#line === null ? 0 : this.#line + 1);
  }

  /** @param {number} line */
  #goTo(line) {
    this.#line = Math.max(0, Math.min(line, this.#lines.length - 1));
    this.#draw();
    const behavior = this.#ctx.reducedMotion ? "auto" : "smooth";
    this.#lines[this.#line]?.scrollIntoView({ block: "nearest", behavior });
  }

  #draw() {
    const { t } = this.#ctx;
    this.#lines.forEach((element, i) => {
      setAttributes(element, { "aria-current": i === this.#line ? "step" : null });
      element.classList.toggle("is-ahead", this.#line !== null && i > this.#line);
    });
    const count = this.#lines.length;
    setText(this.#place, this.#line === null ? "" : t("views.step.place", { line: this.#line + 1, count }));
    setIcon(this.#icon, this.isPlaying ? "pause" : "play");
    this.element.setAttribute("aria-label", t("views.step.phases"));
    for (const [element, key] of /** @type {const} */ ([
      [this.#back, "back"],
      [this.#play, this.isPlaying ? "pause" : "play"],
      [this.#next, "next"],
    ]))
      // prettier-ignore
      setAttributes(element, { "aria-label": t(`views.step.${key}`), "data-hint": t(`views.step.${key}`) });
  }
}

/**
 * @param {string} name
 * @param {SVGSVGElement} sign
 */
function button(name, sign) {
  return create("button", { class: "icon-button", type: "button", "data-phase": name }, sign);
}
