/** One chart over the batch size: axes, what is given to it, and where the run stands. */

import { create, setText, svg } from "../drawing/dom.js";
import { formatTick } from "../drawing/numbers.js";

/** Room for ticks, in pixels. */
const MARGIN = { left: 44, right: 16, top: 8, bottom: 20 };

export class NoiseChart {
  #title = create("h3", { class: "line-chart-title" });
  #aside = create("span", { class: "line-chart-aside" });
  #picture = svg("svg", { class: "noise-picture", role: "img" });

  constructor() {
    this.element = create(
      "section",
      { class: "noise-chart" },
      create("div", { class: "line-chart-head" }, this.#title, this.#aside),
      this.#picture,
    );
  }

  /** Of the drawing area, in pixels. */
  get size() {
    const { clientWidth, clientHeight } = this.#picture;
    return {
      width: Math.max(1, clientWidth - MARGIN.left - MARGIN.right),
      height: Math.max(1, clientHeight - MARGIN.top - MARGIN.bottom),
    };
  }

  /**
   * @param {{title: string, aside: string, label: string}} words
   * @param {import("./noise-figure.js").Chart} chart
   * @param {number} seen  the batch size of the run
   * @param {SVGElement[]} drawn  what lies over the axes
   */
  draw({ title, aside, label }, { x, y, xTicks, yTicks }, seen, drawn) {
    const { width, height } = this.size;
    setText(this.#title, title);
    setText(this.#aside, aside);
    this.#picture.setAttribute("aria-label", label);
    const lines = yTicks.flatMap((tick) => [
      svg("line", { class: "noise-grid", x2: width, y1: y(tick), y2: y(tick) }),
      svg("text", { class: "noise-tick", x: -6, y: y(tick), dy: "0.35em", "text-anchor": "end" }, formatTick(tick)), // prettier-ignore
    ]);
    const sizes = xTicks.map((tick) =>
      svg("text", { class: "noise-tick", x: x(tick), y: height + 14, "text-anchor": "middle" }, String(tick)),
    );
    const here = svg("line", { class: "noise-here", x1: x(seen), x2: x(seen), y2: height });
    const group = svg(
      "g",
      { transform: `translate(${MARGIN.left}, ${MARGIN.top})` },
      ...lines,
      ...sizes,
      here,
      ...drawn,
    );
    this.#picture.replaceChildren(group);
  }
}
