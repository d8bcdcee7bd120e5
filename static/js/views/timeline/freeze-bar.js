/**
 * One window in which something is frozen, as a bar on its track: two ends, each a slider, and a body that moves. Of what
 * trains from the start it is empty, with an end to freeze it by.
 */

import { emptyWindow, isEmptyWindow } from "../../state/freezing.js";
import { tellWindow } from "../../state/freezing-words.js";
import { create, setAttributes, setText } from "../drawing/dom.js";

/**
 * @typedef {import("../../state/freezing.js").FreezeWindow} FreezeWindow
 * @typedef {import("../../state/freezing.js").Span} Span
 * @typedef {import("../types.js").Context} Context
 * @typedef {"start" | "end" | "body"} Grip
 *
 * @typedef {object} BarLook
 * @property {number} span  the steps that the track is as wide as
 * @property {number} steps  of the run
 * @property {boolean} selected
 * @property {boolean} fixed  whether it cannot be changed
 * @property {boolean} drifts  whether what is frozen moves all the same, as recorded
 */

export class FreezeBar {
  #t;
  #tag = create("span", { class: "freeze-tag", "aria-hidden": "true" });

  /** @param {Context["t"]} t */
  constructor(t) {
    this.#t = t;
    const end = (/** @type {Grip} */ grip) =>
      create("div", { class: "freeze-end", role: "slider", "data-grip": grip });
    this.start = end("start");
    this.end = end("end");
    this.body = create("button", { class: "freeze-body", type: "button", "data-grip": "body" });
    this.element = create(
      "div",
      { class: "freeze-bar", role: "group" },
      this.body,
      this.start,
      this.end,
      this.#tag,
    );
    /** @type {FreezeWindow} */
    this.window = emptyWindow("");
  }

  /**
   * @param {FreezeWindow} window
   * @param {BarLook} look
   */
  show(window, { span, steps, selected, fixed, drifts }) {
    const t = this.#t;
    this.window = window;
    const { name, clears } = window;
    const told = isEmptyWindow(window) ? t("views.freeze.free", { name }) : tellWindow(window, steps, t);
    const said = told + (drifts ? ` ${t("views.freeze.drifts")}` : "");
    setAttributes(this.element, { "aria-label": said, "data-hint": said, "data-name": name });
    setAttributes(this.body, {
      "aria-label": said,
      "aria-pressed": String(selected),
      disabled: fixed,
    });
    const { classList } = this.element;
    classList.toggle("is-selected", selected);
    classList.toggle("is-fixed", fixed);
    classList.toggle("is-kept", !clears);
    classList.toggle("is-drifting", drifts);
    for (const [end, key] of /** @type {const} */ ([[this.start, "startOf"], [this.end, "endOf"]])) // prettier-ignore
      setAttributes(end, { "aria-label": t(`views.freeze.${key}`, { name }), tabindex: fixed ? -1 : 0, "aria-disabled": fixed || null }); // prettier-ignore
    this.place(window, span, steps);
  }

  /**
   * Lie where a window is, or would be.
   *
   * @param {Span} window
   * @param {number} span  the steps that the track is as wide as
   * @param {number} steps  of the run
   * @param {Grip | null} [held]  what a hand holds of it
   */
  place({ from, to }, span, steps, held = null) {
    const t = this.#t;
    const last = Math.min(to ?? steps, steps);
    const [left, right] = [from, last].map((step) => 100 * Math.min(1, step / span));
    Object.assign(this.element.style, { left: `${left}%`, width: `${right - left}%` });
    this.element.classList.toggle("is-free", isEmptyWindow({ from, to }));
    setAttributes(this.start, {
      "aria-valuemin": 0,
      "aria-valuemax": last - 1,
      "aria-valuenow": from,
      "aria-valuetext": t("views.freeze.since", { step: from + 1 }),
    });
    setAttributes(this.end, {
      "aria-valuemin": from === 0 ? 0 : from + 1,
      "aria-valuemax": steps,
      "aria-valuenow": last,
      "aria-valuetext": t(`views.freeze.${last === 0 ? "never" : last >= steps ? "toEnd" : "to"}`, {
        step: last,
      }),
    });
    this.body.dataset.steps = `${from}–${last}`; // drawn: its name says it in words
    setText(
      this.#tag,
      held === null ? "" : held === "body" ? `${from}–${last}` : String(held === "start" ? from : last),
    );
    this.element.dataset.held = held ?? "";
  }
}
