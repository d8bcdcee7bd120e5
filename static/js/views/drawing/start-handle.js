/** The start of a test function, to be dragged: by the pointer, or by the arrow keys. */

import { actOf, reachOf } from "../../keys.js";
import { keep, recall } from "../../state/kept.js";
import { create } from "./dom.js";
import { formatTick } from "./numbers.js";
import { niceStep } from "./scales.js";

/**
 * @typedef {Pick<import("./plotly.js").Axes, "x" | "y" | "width" | "height">} Axes
 * @typedef {Pick<import("../types.js").Context, "t" | "onStart"> & {player: {pause: () => void}}} Context
 * @typedef {[number, number]} Point
 */

/** The start is rounded to a part of what is seen that is about as small as a pixel. */
const FINENESS = 500;

/** One press of an arrow key moves it by this part of what is seen; with shift ten times as far. */
const KEY_STEPS = 100;

/** @type {Record<string, Point>} */
const DIRECTIONS = { left: [-1, 0], right: [1, 0], up: [0, 1], down: [0, -1] };

/** Beyond this part of the width the invitation to drag stands at the left. */
const LEFT_FROM = 0.7;

export class StartHandle {
  element = create("button", { class: "start-handle", type: "button", hidden: true });
  #ctx;
  /** @type {Axes | null} */
  #axes = null;
  /** @type {Point} */
  #start = [0, 0];
  #isDragging = false;
  #wasDragged = false;
  /** Where the pointer took hold of it, from its middle, in pixels. */
  #grip = [0, 0];
  #frame = 0;

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    this.element.addEventListener("pointerdown", (event) => this.#take(event));
    this.element.addEventListener("pointermove", (event) => this.#drag(event));
    this.element.addEventListener("lostpointercapture", () => this.#drop());
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /**
   * @param {Point | null} start  null where there is none to drag
   * @param {Axes} axes
   */
  show(start, axes) {
    this.#axes = axes;
    this.element.hidden = start === null;
    if (start === null || this.#isDragging) return;
    this.#start = start;
    this.#place();
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
  }

  #place() {
    const { x, y, width, height } = /** @type {Axes} */ (this.#axes);
    const left = ((this.#start[0] - x[0]) / (x[1] - x[0])) * width;
    const top = ((y[1] - this.#start[1]) / (y[1] - y[0])) * height;
    this.element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    const [first, second] = this.#start.map(formatTick);
    this.#wasDragged ||= recall("dragged") !== null; // perhaps another handle was
    if (this.#wasDragged) delete this.element.dataset.invitation;
    else this.element.dataset.invitation = this.#ctx.t("views.surface.dragMe");
    this.element.classList.toggle("is-at-right", left > LEFT_FROM * width);
    const label = this.#ctx.t("views.surface.start", { x: first, y: second });
    this.element.setAttribute("aria-label", label);
    if (!this.#isDragging) this.element.dataset.hint = label;
  }

  /** A person knows by now that it can be moved. */
  #learn() {
    this.#wasDragged = true;
    keep("dragged", "yes");
  }

  /** @param {PointerEvent} event */
  #take(event) {
    if (event.button !== 0) return;
    event.stopPropagation();
    const { left, top, width, height } = this.element.getBoundingClientRect();
    this.#grip = [event.clientX - left - width / 2, event.clientY - top - height / 2];
    this.element.setPointerCapture(event.pointerId);
    this.#isDragging = true;
    this.#ctx.player.pause();
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const box = this.element.parentElement?.getBoundingClientRect();
    if (!this.#isDragging || this.#axes === null || box === undefined) return;
    const { x, y } = this.#axes;
    const across = (event.clientX - this.#grip[0] - box.left) / box.width;
    const up = (box.bottom - event.clientY + this.#grip[1]) / box.height;
    this.#learn();
    this.#start = withinAxes([x[0] + across * (x[1] - x[0]), y[0] + up * (y[1] - y[0])], this.#axes);
    this.#place();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#ctx.onStart(this.#start, true));
  }

  #drop() {
    if (!this.#isDragging) return;
    this.#isDragging = false;
    this.#place();
    cancelAnimationFrame(this.#frame);
    this.#ctx.onStart(this.#start, false);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const act = actOf("start", event);
    if (act === null || this.#axes === null) return;
    event.preventDefault();
    this.#learn();
    const { x, y } = this.#axes;
    const far = reachOf(event) / KEY_STEPS;
    const [dx, dy] = DIRECTIONS[act].map((part, i) => part * far * (i === 0 ? x[1] - x[0] : y[1] - y[0]));
    this.#start = withinAxes([this.#start[0] + dx, this.#start[1] + dy], this.#axes);
    this.#place();
    this.#ctx.onStart(this.#start, false);
  }
}

/**
 * The nearest point that can be seen, in round numbers.
 *
 * @param {Point} point
 * @param {Pick<Axes, "x" | "y">} axes
 * @returns {Point}
 */
export function withinAxes(point, { x, y }) {
  const [first, second] = [x, y].map(([low, high], i) => {
    const step = niceStep((high - low) / FINENESS);
    const decimals = Math.max(0, -Math.floor(Math.log10(step)));
    return Number(
      (Math.round(Math.max(low, Math.min(high, point[i])) / step) * step).toFixed(Math.min(decimals, 100)),
    );
  });
  return [first, second];
}
