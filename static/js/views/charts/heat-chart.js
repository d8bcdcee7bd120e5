/** A tensor over the steps, drawn once; a frame moves the cursor and the veil over what is still to come. */

import { create, setText } from "../drawing/dom.js";
import { heatFigure } from "./heat-figure.js";
import { marginOf } from "./line-drawing.js";
import { formatNumber, formatTick } from "../drawing/numbers.js";
import { indexOf, valuesAt } from "../drawing/parameters.js";
import { Tooltip } from "../drawing/tooltip.js";

/**
 * @typedef {import("../types.js").Subject} Subject
 * @typedef {import("../drawing/theme.js").Theme} Theme
 * @typedef {import("../types.js").Context} Context
 */

export class HeatChart {
  #ctx;
  #title = create("h3", { class: "line-chart-title" });
  #aside = create("span", { class: "line-chart-aside" });
  #canvas = create("canvas", { class: "heat-cells", role: "img" });
  #high = create("span", { class: "heat-high" });
  #low = create("span", { class: "heat-low" });
  #scale;
  #veil = create("div", { class: "line-chart-veil" });
  #cursor = create("div", { class: "line-chart-cursor" });
  #area;
  #plotBox;
  #tooltip;
  #width = 0;
  #steps = 1;
  /** @type {Subject | null} */
  #subject = null;

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    this.#scale = create(
      "div",
      { class: "heat-scale" },
      this.#high,
      create("div", { class: "heat-bar" }),
      this.#low,
    );
    this.#area = create("div", { class: "heat-area" }, this.#canvas, this.#veil, this.#cursor);
    this.#plotBox = create("div", { class: "line-chart-plot" }, this.#area, this.#scale);
    this.element = create(
      "section",
      { class: "line-chart heat-chart" },
      create("div", { class: "line-chart-head" }, this.#title, this.#aside),
      this.#plotBox,
    );
    this.#tooltip = new Tooltip(this.#plotBox);
    this.#area.addEventListener("pointerleave", () => this.#tooltip.hide());
    this.#area.addEventListener("pointerdown", (event) => this.#onPointerDown(event));
    this.#area.addEventListener("pointermove", (event) => this.#onPointerMove(event));
  }

  /**
   * @param {Subject} subject
   * @param {string} title
   * @param {number} steps  of the whole run
   * @param {Theme} theme
   */
  update(subject, title, steps, theme) {
    this.#subject = subject;
    this.#steps = Math.max(1, steps);
    setText(this.#title, title);
    setText(this.#aside, this.#ctx.t("views.state.root"));
    this.#canvas.setAttribute("aria-label", this.#ctx.t("views.state.picture", { title }));
    const { left, right } = marginOf(theme.scale);
    const width = this.#plotBox.clientWidth - left - right;
    if (width <= 0) return;
    this.#width = width;
    this.#area.style.left = `${left}px`;
    this.#area.style.width = `${width}px`;
    const { history, parameter, quantity, size } = subject;
    const picture = heatFigure(
      history,
      (k) => valuesAt(history, parameter, quantity, k),
      { rows: size, steps: this.#steps, width: width * (window.devicePixelRatio || 1) },
      theme,
    );
    this.#canvas.width = picture.columns;
    this.#canvas.height = picture.rows;
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    const image = context.createImageData(picture.columns, picture.rows);
    image.data.set(picture.pixels);
    context.putImageData(image, 0, 0);
    this.#scale.dataset.kind =
      picture.domain[0] < 0 ? (picture.domain[1] > 0 ? "both" : "negative") : "positive";
    setText(this.#low, formatTick(Number(picture.domain[0].toPrecision(2))));
    setText(this.#high, formatTick(Number(picture.domain[1].toPrecision(2))));
  }

  /** @param {number} step */
  setStep(step) {
    const x = (Math.min(step, this.#steps) / this.#steps) * this.#width;
    this.#cursor.style.transform = `translateX(${x.toFixed(1)}px)`;
    this.#veil.style.transform = `translateX(${x.toFixed(1)}px)`;
  }

  /** @param {PointerEvent} event */
  #onPointerDown(event) {
    if (event.button !== 0) return;
    this.#area.setPointerCapture(event.pointerId);
    this.#ctx.player.pause();
    this.#ctx.player.seek(this.#stepAt(event));
  }

  /** @param {PointerEvent} event */
  #onPointerMove(event) {
    if (this.#area.hasPointerCapture(event.pointerId)) this.#ctx.player.seek(this.#stepAt(event));
    else if (event.pointerType === "mouse") this.#readOut(event);
  }

  /** @param {PointerEvent} event */
  #stepAt({ clientX }) {
    const { left, width } = this.#area.getBoundingClientRect();
    return Math.max(0, Math.min(this.#steps, Math.round(((clientX - left) / width) * this.#steps)));
  }

  /** @param {PointerEvent} event */
  #readOut(event) {
    const subject = this.#subject;
    if (subject === null) return;
    const { history, parameter, quantity, size, several } = subject;
    const { top, height } = this.#area.getBoundingClientRect();
    const index = Math.max(0, Math.min(size - 1, Math.floor(((event.clientY - top) / height) * size)));
    const step = this.#stepAt(event);
    if (step < history.first || step > history.last) return this.#tooltip.hide();
    const value = valuesAt(history, parameter, quantity, step)?.[index] ?? null;
    const title = this.#ctx.t("views.charts.at", { series: quantity, step });
    const label = indexOf(index, several ? [size] : history.shapes[parameter], size);
    const x = this.#area.offsetLeft + (step / this.#steps) * this.#width;
    this.#tooltip.show(x, event.offsetY, title, [{ label, value: formatNumber(value, 7) }]);
  }
}
