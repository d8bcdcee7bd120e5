/** The windows of a layer or of a parameter on a track under the timeline, to be changed by pointer and by keys. */

import { FAR, actOf, reachOf } from "../../keys.js";
import { emptyWindow, isEmptyWindow, movedTo, withEnd } from "../../state/freezing.js";
import { create, setAttributes } from "../drawing/dom.js";
import { FreezeBar } from "./freeze-bar.js";

/**
 * @typedef {import("../../state/freezing.js").FreezeWindow} FreezeWindow
 * @typedef {import("../../state/freezing.js").Span} Span
 * @typedef {import("./freeze-bar.js").Grip} Grip
 * @typedef {import("../types.js").Context} Context
 *
 * @typedef {object} Actions
 * @property {(window: FreezeWindow, change: Span | null) => void} change  null takes it away
 * @property {(window: FreezeWindow) => void} add
 * @property {(window: FreezeWindow | null) => void} select
 *
 * @typedef {object} TrackLook
 * @property {FreezeWindow[]} windows
 * @property {number} span  the steps that it is as wide as
 * @property {number} steps  of the run
 * @property {boolean} fixed  whether nothing on it can be changed
 * @property {(window: FreezeWindow) => boolean} isSelected
 * @property {(window: FreezeWindow) => boolean} drifts
 *
 * @typedef {object} Held  what a hand has taken hold of
 * @property {Grip} grip
 * @property {FreezeBar} bar
 * @property {number} at  the step where it did
 * @property {Span} span  as it is under the hand
 * @property {boolean} isNew
 * @property {boolean} isMoved
 */

export class FreezeTrack {
  #ctx;
  #actions;
  /** @type {FreezeBar[]} */
  #bars = [];
  /** @type {TrackLook} */
  #look = { windows: [], span: 1, steps: 1, fixed: true, isSelected: () => false, drifts: () => false };
  /** @type {Held | null} */
  #held = null;

  /**
   * @param {string} name  of the layer or the parameter
   * @param {Context} ctx
   * @param {Actions} actions
   */
  constructor(name, ctx, actions) {
    this.name = name;
    this.#ctx = ctx;
    this.#actions = actions;
    this.element = create("div", { class: "freeze-track", "data-name": name, role: "group" });
    this.element.addEventListener("pointerdown", (event) => this.#onDown(event));
    this.element.addEventListener("pointermove", (event) => this.#onMove(event));
    this.element.addEventListener("pointerup", (event) => this.#onUp(event));
    this.element.addEventListener("pointercancel", () => this.#drop());
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {TrackLook} look */
  update(look) {
    this.#look = look;
    setAttributes(this.element, { "aria-label": this.#ctx.t("views.freeze.track", { name: this.name }) });
    if (this.#held === null) this.#show();
  }

  /**
   * The windows of this name take all of the track; those of its parameters a lane each. Where there is none, an empty one
   * can be drawn out.
   */
  #show() {
    const { windows, span, steps, fixed, isSelected, drifts } = this.#look;
    const isFree = windows.length === 0 && !fixed;
    const sorted = isFree ? [emptyWindow(this.name)] : [...windows].sort((a, b) => a.from - b.from);
    while (this.#bars.length > sorted.length) this.#bars.pop()?.element.remove();
    while (this.#bars.length < sorted.length) this.#add();
    sorted.forEach((window, i) => {
      const bar = this.#bars[i];
      bar.element.hidden = false;
      bar.show(window, { span, steps, fixed, selected: isSelected(window), drifts: drifts(window) });
      bar.element.dataset.part = bar.body.dataset.part =
        window.name === this.name ? "" : (window.name.split(".")[1] ?? "");
    });
  }

  #add() {
    const bar = new FreezeBar(this.#ctx.t);
    this.#bars.push(bar);
    this.element.append(bar.element);
    return bar;
  }

  /** @param {PointerEvent} event */
  #stepAt({ clientX }) {
    const { left, width } = this.element.getBoundingClientRect();
    const step = Math.round(((clientX - left) / width) * this.#look.span);
    return Math.max(0, Math.min(this.#look.steps, step));
  }

  /** @param {PointerEvent} event */
  #onDown(event) {
    if (event.button !== 0 || this.#look.fixed) return;
    const target = /** @type {Element} */ (event.target);
    const bar = this.#bars.find(({ element }) => element.contains(target));
    const at = this.#stepAt(event);
    this.element.setPointerCapture(event.pointerId);
    if (bar !== undefined) {
      const grip = /** @type {Grip} */ (target.closest("[data-grip]")?.getAttribute("data-grip") ?? "body");
      const { from, to } = bar.window;
      this.#held = { grip, bar, at, span: { from, to }, isNew: false, isMoved: false };
      (grip === "body" ? bar.body : bar[grip]).focus({ preventScroll: true });
      return;
    }
    const isFree = this.#bars.length === 1 && isEmptyWindow(this.#bars[0].window);
    const made = isFree ? this.#bars[0] : this.#add();
    made.element.hidden = true;
    made.window = { name: this.name, from: at, to: at, clears: true };
    this.#held = { grip: "end", bar: made, at, span: { from: at, to: at }, isNew: true, isMoved: false };
  }

  /** @param {PointerEvent} event */
  #onMove(event) {
    const held = this.#held;
    if (held === null) return;
    const step = this.#stepAt(event);
    held.isMoved ||= step !== held.at;
    if (!held.isMoved) return;
    const { steps, span } = this.#look;
    if (held.isNew) {
      const [from, to] = step < held.at ? [step, held.at] : [held.at, Math.max(step, held.at + 1)];
      held.span = { from: Math.min(from, steps - 1), to: to >= steps ? null : to };
      held.bar.element.hidden = false;
    } else if (held.grip === "body") {
      held.span = movedTo(held.bar.window, held.bar.window.from + step - held.at, steps);
    } else {
      held.span = withEnd(held.bar.window, held.grip, step, steps);
    }
    held.bar.place(held.span, span, steps, held.grip);
  }

  /** @param {PointerEvent} event */
  #onUp(event) {
    const held = this.#held;
    if (held === null) return;
    this.element.releasePointerCapture(event.pointerId);
    if (!held.isMoved) {
      this.#drop();
      return this.#actions.select(isEmptyWindow(held.bar.window) ? null : held.bar.window);
    }
    this.#held = null;
    return this.#change(held.bar, held.span);
  }

  /**
   * A bar lies where it is wanted at once: what comes next is meant from there, though nothing has been drawn anew yet.
   *
   * @param {FreezeBar} bar
   * @param {Span} span
   */
  #change(bar, span) {
    const before = bar.window;
    bar.window = { ...before, ...span };
    bar.place(span, this.#look.span, this.#look.steps);
    if (isEmptyWindow(before)) {
      if (!isEmptyWindow(span)) this.#actions.add(bar.window);
    } else this.#actions.change(before, isEmptyWindow(span) ? null : span);
  }

  /** Nothing is held any longer, and everything lies where it is. */
  #drop() {
    this.#held = null;
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const act = actOf("bars", event);
    if (act === "drop" && this.#held !== null) return this.#drop();
    const target = /** @type {Element} */ (event.target);
    const bar = this.#bars.find(({ element }) => element.contains(target));
    const grip = /** @type {Grip | null} */ (target.getAttribute("data-grip"));
    if (act === null || bar === undefined || grip === null || this.#look.fixed) return;
    const { window } = bar;
    const { steps } = this.#look;
    if (act === "remove") {
      event.preventDefault();
      return isEmptyWindow(window) ? undefined : this.#actions.change(window, null);
    }
    const at = grip === "end" ? Math.min(window.to ?? steps, steps) : window.from;
    const step = stepOf(act, at, steps, reachOf(event));
    if (step === null) return;
    event.preventDefault();
    const span = grip === "body" ? movedTo(window, step, steps) : withEnd(window, grip, step, steps);
    if (span.from !== window.from || span.to !== window.to) this.#change(bar, span);
  }
}

/**
 * Where a key takes something that is at a step.
 *
 * @param {string} act
 * @param {number} at
 * @param {number} last
 * @param {number} by  how far
 * @returns {number | null}  null: it is no key for that
 */
function stepOf(act, at, last, by) {
  /** @type {Record<string, number>} */
  const steps = { back: at - by, forward: at + by, farBack: at - FAR, farForward: at + FAR, first: 0, last };
  return steps[act] ?? null;
}
