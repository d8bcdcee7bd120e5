/**
 * One line plot. Its curves are drawn once on a canvas; a frame moves the cursor, the veil over what is still to come,
 * a dot and a number for each run.
 */

import { create, setText, svg } from "../drawing/dom.js";
import { AxisSwitch } from "./axis-switch.js";
import { indexAt } from "./index-at.js";
import { figure, spread } from "./lines-figure.js";
import { clamp, drawCurves, marginOf } from "./line-drawing.js";
import { LineHead } from "./line-head.js";
import { glyph, markerPath } from "../drawing/markers.js";
import { formatNumber, formatReading } from "../drawing/numbers.js";
import { Tooltip } from "../drawing/tooltip.js";

/**
 * @typedef {import("./lines-figure.js").Curve} Curve
 * @typedef {import("./lines-figure.js").LinePlot} LinePlot
 * @typedef {import("./series.js").Series} Series
 * @typedef {import("../drawing/theme.js").Theme} Theme
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {object} Follower  what moves along one curve
 * @property {SVGSVGElement} dot
 * @property {HTMLElement} label
 * @property {HTMLElement} value
 */

const STEPS_BELOW = 18;
/** From line to line of the values beside a plot, in pixels: where many share little height they move together. */
const LABEL = { height: 14, least: 12 };

/** Lines of a tooltip. */
const MOST_ROWS = 12;

/** Room for a dot at the last step beside the values, in pixels. */
const LABEL_GAP = 10;

export class LineChart {
  #series;
  #ctx;
  #axis;
  #head;
  #canvas = create("canvas", { class: "line-chart-curves", role: "img" });
  #veil = create("div", { class: "line-chart-veil" });
  #cursor = create("div", { class: "line-chart-cursor" });
  #area;
  #plotBox;
  /** @type {Follower[]} */
  #followers = [];
  /** @type {LinePlot | null} */
  #plot = null;
  #size = { width: 0, height: 0 };
  #scale = 1;
  #tooltip;
  #identity = "";
  #name = "";
  /** @type {Data | null} */
  #data = null;

  /**
   * @param {Series} series
   * @param {Context} ctx
   * @param {boolean} hasSteps  whether the steps are written below it
   */
  constructor(series, ctx, hasSteps) {
    this.#series = series;
    this.#ctx = ctx;
    this.hasSteps = hasSteps;
    this.#head = new LineHead(series, ctx, () => this.#switchScale());
    this.#area = create("div", { class: "line-chart-area" }, this.#veil, this.#cursor);
    this.#plotBox = create("div", { class: "line-chart-plot" }, this.#canvas, this.#area);
    this.element = create(
      "section",
      { class: "line-chart", "data-series": series.key },
      this.#head.element,
      this.#plotBox,
    );
    this.#axis = hasSteps ? new AxisSwitch(ctx, (kind) => ctx.onScales({ axis: kind })) : null;
    if (this.#axis !== null) this.element.append(this.#axis.element);
    this.#tooltip = new Tooltip(this.#plotBox);
    this.#area.addEventListener("pointerleave", () => this.#tooltip.hide());
    this.#area.addEventListener("pointerdown", (event) => this.#onPointerDown(event));
    this.#area.addEventListener("pointermove", (event) => this.#onPointerMove(event));
  }

  /**
   * Take room only if there is anything to see, and enough for all values: charts that share a height are all revealed
   * before any is drawn.
   *
   * @param {Data} data
   */
  reveal(data) {
    this.element.hidden = this.#series.isShown?.(data) === false;
    const values = this.#series.lines?.(data).filter(({ isSecondary }) => !isSecondary) ?? data.runs;
    this.element.style.setProperty("--values", String(values.length));
  }

  /**
   * @param {Data} data
   * @param {Theme} theme
   */
  update(data, theme) {
    const { t } = this.#ctx;
    this.reveal(data);
    this.#axis?.update(data);
    const { clientWidth, clientHeight } = this.#plotBox;
    const { scale } = theme;
    const margin = marginOf(scale);
    const bottom = margin.bottom + (this.hasSteps ? STEPS_BELOW * scale : 0);
    const width = clientWidth - margin.left - margin.right;
    const height = clientHeight - margin.top - bottom;
    const name = t(this.#series.title, this.#series.params?.(data));
    this.#head.name(name);
    this.#name = name;
    this.#data = data;
    if (width <= 0 || height <= 0) return;
    this.#size = { width, height };
    this.#scale = scale;
    this.#plot = figure(data, this.#series, this.#size);
    this.#canvas.setAttribute("aria-label", t("views.charts.label", { series: name }));
    this.#head.update(data, this.#plot);
    Object.assign(this.#area.style, {
      left: `${margin.left}px`,
      top: `${margin.top}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
    drawCurves(
      this.#canvas,
      this.#plot,
      { clientWidth, clientHeight, width, height },
      theme,
      this.hasSteps,
      data,
    );
    this.#makeFollowers();
  }

  /** @param {number} step */
  setStep(step) {
    const plot = this.#plot;
    if (plot === null) return;
    const place = this.#placeOf(plot, step);
    const x = plot.x(place);
    this.#cursor.style.transform = `translateX(${x.toFixed(1)}px)`;
    this.#veil.style.transform = `translateX(${x.toFixed(1)}px)`;
    this.#followCurves(plot, place);
  }

  /**
   * Where the clock is: on an axis of samples, where the selected run has come to.
   *
   * @param {LinePlot} plot
   * @param {number} step
   */
  #placeOf(plot, step) {
    const run = this.#clockRun();
    return Math.min(run === undefined ? step : plot.axis.placeOf(run, step), plot.xDomain[1]);
  }

  #clockRun() {
    const { runs, selected } = /** @type {Data} */ (this.#data);
    return runs.find(({ id }) => id === selected) ?? runs[0];
  }

  #makeFollowers() {
    const curves = mainCurves(this.#plot);
    const identity = JSON.stringify(curves.map(({ run }) => [run.id, run.color, run.marker, run.label]));
    if (identity === this.#identity) return;
    this.#identity = identity;
    for (const { dot, label } of this.#followers) {
      dot.remove();
      label.remove();
    }
    this.#followers = curves.map(({ run }) => makeFollower(run));
    this.#area.append(...this.#followers.flatMap(({ dot, label }) => [dot, label]));
  }

  /**
   * @param {LinePlot} plot
   * @param {number} place
   */
  #followCurves(plot, place) {
    const { height, width } = this.#size;
    const scale = this.#scale;
    const curves = mainCurves(plot);
    const readings = curves.map((curve) => curve.at(plot.axis.stepOf(curve.run, place)));
    const wanted = readings.map((reading) => clamp(plot.y(reading?.value ?? NaN), height));
    const labels = spread(
      wanted.map((y) => (Number.isNaN(y) ? 0 : y)),
      scale * Math.max(LABEL.least, Math.min(LABEL.height, height / scale / wanted.length)),
      height,
    );
    this.#followers.forEach(({ dot, label, value }, i) => {
      const number = readings[i]?.value ?? null;
      dot.style.visibility = Number.isFinite(wanted[i]) ? "visible" : "hidden";
      const x = plot.x(plot.axis.placeOf(curves[i].run, readings[i]?.step ?? 0));
      dot.style.transform = `translate(${x.toFixed(1)}px, ${wanted[i].toFixed(1)}px)`;
      label.style.visibility = number === null ? "hidden" : "visible";
      label.style.transform = `translate(${width + LABEL_GAP * scale}px, ${(labels[i] - (scale * LABEL.height) / 2).toFixed(1)}px)`;
      setText(value, formatReading(number));
    });
  }

  #switchScale() {
    const scale = this.#plot?.scale === "log" ? "linear" : "log";
    this.#ctx.onScales({ [this.#series.key]: scale });
  }

  /** @param {PointerEvent} event */
  #onPointerDown(event) {
    if (event.button !== 0) return;
    this.#area.setPointerCapture(event.pointerId);
    this.#ctx.player.pause();
    this.#scrub(event);
  }

  /** @param {PointerEvent} event */
  #onPointerMove(event) {
    if (this.#area.hasPointerCapture(event.pointerId)) this.#scrub(event);
    else if (event.pointerType === "mouse") this.#readOut(event);
  }

  /** @param {PointerEvent} event */
  #scrub(event) {
    const [plot, run] = [this.#plot, this.#clockRun()];
    if (plot === null || run === undefined) return;
    this.#tooltip.hide();
    this.#ctx.player.seek(plot.axis.stepOf(run, this.#placeAt(event)));
  }

  /** @param {PointerEvent} event */
  #readOut(event) {
    const plot = this.#plot;
    if (plot === null) return;
    const { kind } = plot.axis;
    const at = this.#placeAt(event);
    const place = kind === "steps" ? nearestRecord(plot, at) : kind === "epochs" ? at : Math.round(at);
    const rows = [...mainCurves(plot), ...plot.curves.filter(({ isSecondary }) => isSecondary)]
      .flatMap((curve) => this.#row(plot, curve, place))
      .slice(0, MOST_ROWS);
    const titles = { steps: "at", samples: "atSamples", epochs: "atEpochs" };
    const title = this.#ctx.t(`views.charts.${titles[kind]}`, {
      series: this.#name,
      ...(kind === "steps"
        ? { step: place }
        : kind === "samples"
          ? { count: place }
          : { epoch: place.toFixed(2) }),
    });
    const { left, top } = marginOf(this.#scale);
    this.#tooltip.show(left + plot.x(place), top + event.offsetY, title, rows);
  }

  /**
   * What a curve says at a place: on an axis of steps, only of a record that is there; on one of samples, of the last
   * step that has seen no more.
   *
   * @param {LinePlot} plot
   * @param {Curve} curve
   * @param {number} place
   */
  #row(plot, curve, place) {
    const isSteps = plot.axis.kind === "steps";
    const step = plot.axis.stepOf(curve.run, place);
    const reading = curve.at(step);
    if (reading === null || (isSteps && reading.step !== step)) return [];
    const label = this.#labelOf(curve);
    return {
      mark: glyph(curve.run),
      label: isSteps ? label : this.#ctx.t("views.charts.ofStep", { label, step: reading.step }),
      value: formatNumber(reading.value, 7),
    };
  }

  /** @param {PointerEvent} event */
  #placeAt({ clientX }) {
    const { left, width } = this.#area.getBoundingClientRect();
    const [from, to] = this.#plot?.xDomain ?? [0, 1];
    return Math.max(from, Math.min(to, from + ((clientX - left) / width) * (to - from)));
  }

  /** @param {Curve} curve */
  #labelOf({ run, series, isSecondary }) {
    if (!isSecondary) return run.label;
    return `${run.label}, ${this.#ctx.t(series.title, series.params?.(/** @type {Data} */ (this.#data)))}`;
  }
}

/**
 * @param {LinePlot | null} plot
 * @returns {Curve[]}  those that have a dot and a number
 */
function mainCurves(plot) {
  return (plot?.curves ?? []).filter(({ isSecondary }) => !isSecondary);
}

/**
 * The step nearest to a place for which there are values.
 *
 * @param {LinePlot} plot
 * @param {number} place
 */
function nearestRecord({ curves }, place) {
  const steps = curves.find(({ column }) => column.steps !== null)?.column.steps ?? null;
  if (steps === null) return Math.round(place);
  const index = Math.max(0, indexAt(steps, place));
  const next = Math.min(index + 1, steps.length - 1);
  return place - steps[index] < steps[next] - place ? steps[index] : steps[next];
}

/**
 * @param {Run} run
 * @returns {Follower}
 */
function makeFollower(run) {
  /**
   * @param {string} name
   * @param {number} radius
   */
  const mark = (name, radius) =>
    svg(
      "svg",
      {
        class: name,
        width: 12,
        height: 12,
        viewBox: "-6 -6 12 12",
        "aria-hidden": "true",
        focusable: "false",
      },
      svg("path", { d: markerPath(run.marker, radius), fill: run.color }),
    );
  const value = create("span", { class: "line-chart-value" });
  const label = create(
    "div",
    { class: "line-chart-label", "data-run": run.id },
    mark("line-chart-mark", 3.5),
    create("span", { class: "visually-hidden" }, run.label), // the marker tells the eye
    value,
  );
  return { dot: mark("line-chart-dot", 3.5), label, value };
}
