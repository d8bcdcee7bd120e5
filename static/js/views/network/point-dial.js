/** The point of a test function: its coordinates, its gradient, and a dial that points downhill. */

import { create, setAttributes, setText, svg } from "../drawing/dom.js";
import { exactNumber, formatNumber } from "../drawing/numbers.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Context} Context
 */

const RADIUS = 62;
const SHORTEST = 14;

/** Gradient norms from this to its inverse cover the length of the arrow. */
const SMALLEST_NORM = 1e-4;

export class PointDial {
  #ctx;
  #arrow = svg("g", { class: "dial-arrow" });
  #shaft = svg("line", { x1: 0, y1: 0, x2: 0 });
  #tip = svg("path", { d: "M0 -9L-6 4L0 1L6 4Z" });
  #dial;
  #words = create("p", { class: "dial-words" });
  #table = create("table", { class: "parameter-table point-table" });
  #cells = { value: [create("td"), create("td")], gradient: [create("td"), create("td")] };
  #heads = {
    value: create("th", { scope: "rowgroup", rowspan: 2 }),
    gradient: create("th", { scope: "rowgroup", rowspan: 2 }, ".grad"),
  };

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    this.#arrow.append(this.#shaft, this.#tip);
    this.#dial = svg(
      "svg",
      { class: "dial", role: "img", viewBox: "-80 -80 160 160", width: 160, height: 160 },
      svg("circle", { class: "dial-face", r: RADIUS + 8 }),
      svg("path", { class: "dial-axes", d: `M${-RADIUS} 0H${RADIUS}M0 ${-RADIUS}V${RADIUS}` }),
      svg("text", { class: "dial-label", x: RADIUS - 2, y: -8 }, "x"),
      svg("text", { class: "dial-label", x: 10, y: -RADIUS + 6 }, "y"),
      this.#arrow,
      svg("circle", { class: "dial-centre", r: 4 }),
    );
    const groups = /** @type {const} */ (["value", "gradient"]).map((name) => {
      const [x, y] = this.#cells[name];
      const first = create("tr", {}, this.#heads[name], create("th", { scope: "row" }, "x"), x);
      return create("tbody", {}, first, create("tr", {}, create("th", { scope: "row" }, "y"), y));
    });
    this.#table.append(...groups);
    this.element = create(
      "div",
      { class: "point" },
      this.#dial,
      create("div", { class: "point-numbers" }, this.#table, this.#words),
    );
  }

  /** @param {string} label */
  describe(label) {
    this.#dial.setAttribute("aria-label", label);
    setText(this.#heads.value, this.#ctx.t("views.network.value"));
  }

  /**
   * @param {History} history
   * @param {number} record
   */
  show(history, record) {
    const point = history.param("xy", record);
    const gradient = history.grad("xy", record);
    const single = point instanceof Float32Array;
    this.#table.classList.toggle("is-double", !single);
    this.#cells.value.forEach((cell, i) => setText(cell, exactNumber(point[i], single)));
    this.#cells.gradient.forEach((cell, i) =>
      setText(cell, gradient === null ? "None" : exactNumber(gradient[i], single)),
    );
    this.#point(gradient === null ? null : [...gradient], givenNorm(history, record));
  }

  /**
   * @param {number[] | null} gradient
   * @param {number} recorded  its norm, as PyTorch has it
   */
  #point(gradient, recorded) {
    const { t } = this.#ctx;
    const norm = gradient === null ? NaN : Math.hypot(...gradient);
    const downhill = gradient !== null && norm > 0 && Number.isFinite(norm);
    this.#arrow.style.visibility = downhill ? "visible" : "hidden";
    if (gradient === null) setText(this.#words, t("views.network.noGradients"));
    else if (norm === 0) setText(this.#words, t("views.network.flat"));
    else setText(this.#words, t("views.network.downhill", { norm: formatNumber(recorded) }));
    if (!downhill) return;
    const degrees = (Math.atan2(-gradient[0], -gradient[1]) * 180) / Math.PI;
    const length = arrowLength(norm);
    setAttributes(this.#arrow, { transform: `rotate(${degrees.toFixed(2)})` });
    setAttributes(this.#shaft, { y2: (-length + 4).toFixed(1) });
    setAttributes(this.#tip, { transform: `translate(0 ${(-length + 8).toFixed(1)})` });
  }
}

/**
 * The norm of the gradient that a step was given, as its record has it: in the precision of the run, where it may be
 * infinite though no number of the gradient is.
 *
 * @param {History} history
 * @param {number} record
 * @returns {number}  NaN where there is none
 */
export function givenNorm(history, record) {
  return history.clippedGradNorm(record) ?? history.gradNorm(record) ?? NaN;
}

/**
 * Gradients span many orders of magnitude, so the arrow grows with the logarithm.
 *
 * @param {number} norm
 */
export function arrowLength(norm) {
  const part = (Math.log10(norm) - Math.log10(SMALLEST_NORM)) / (-2 * Math.log10(SMALLEST_NORM));
  return SHORTEST + (RADIUS - SHORTEST) * Math.max(0, Math.min(1, part));
}
