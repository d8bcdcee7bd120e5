/** A chart of watched runs: its curves on a canvas, read by pointer and keys, with the step that is marked. */

import { actOf, reachOf } from "../../keys.js";
import { create, setText, svg } from "../drawing/dom.js";
import { paintedBy } from "../drawing/painted.js";
import { formatNumber, formatTick } from "../drawing/numbers.js";
import { Tooltip } from "../drawing/tooltip.js";
import { curveFigure, nearest } from "./curve-figure.js";

/**
 * @typedef {import("./curve-figure.js").Line} Line
 * @typedef {import("./curve-figure.js").CurveFigure} CurveFigure
 *
 * @typedef {object} Shown
 * @property {string} title
 * @property {string} aside  what is to be said beside it
 * @property {Line[]} lines
 * @property {import("../types.js").AxisScale} scale
 * @property {[number, number]} domain  of the axis
 * @property {string} axis  what the axis is of
 * @property {number | null} at  the step that is marked
 * @property {import("../drawing/theme.js").Theme} theme
 * @property {import("../../languages/translator.js").Translator["t"]} t
 */

const MARGIN = { left: 54, right: 12, top: 8, bottom: 20 };

/** Lines of a tooltip, and keys beneath a chart. */
const MOST_LINES = 10;

export class CurveChart {
  #title = create("h3", { class: "loop-chart-title" });
  #aside = create("span", { class: "loop-chart-aside" });
  #canvas = create("canvas", { class: "loop-chart-canvas", "aria-hidden": "true" });
  #area = create("div", { class: "loop-chart-area", tabindex: "0", role: "slider" });
  #cursor = create("div", { class: "loop-chart-cursor", hidden: true });
  #mark = create("div", { class: "loop-chart-mark", hidden: true });
  #keys = create("ul", { class: "loop-chart-keys" });
  #plot;
  #tooltip;
  #onMark;
  /** @type {Shown | null} */
  #shown = null;
  /** @type {CurveFigure | null} */
  #figure = null;
  /** The record of the first line where the keys are. */
  #at = -1;
  #named = "";

  /** @param {(step: number | null) => void} onMark  a step is to be marked */
  constructor(onMark) {
    this.#onMark = onMark;
    this.#area.append(this.#mark, this.#cursor);
    this.#plot = create("div", { class: "loop-chart-plot" }, this.#canvas, this.#area);
    this.element = create(
      "section",
      { class: "loop-chart" },
      create("header", { class: "loop-chart-head" }, this.#title, this.#aside),
      this.#plot,
      this.#keys,
    );
    this.#tooltip = new Tooltip(this.#plot);
    this.#area.addEventListener("pointermove", (event) => this.#read(this.#placeAt(event)));
    this.#area.addEventListener("pointerleave", () => this.#rest());
    this.#area.addEventListener("click", (event) => this.#markAt(this.#placeAt(event)));
    this.#area.addEventListener("keydown", (event) => this.#onKey(event));
    this.#area.addEventListener("focus", () => this.#area.matches(":focus-visible") && this.#go(this.#at));
    this.#area.addEventListener("blur", () => this.#rest());
  }

  /** @param {Shown} shown */
  update(shown) {
    this.#shown = shown;
    setText(this.#title, shown.title);
    setText(this.#aside, shown.aside);
    this.#area.setAttribute("aria-label", shown.title);
    this.#nameLines(shown);
    this.redraw();
  }

  /** @param {Shown} shown */
  #nameLines({ lines }) {
    const shownLines = lines.slice(0, MOST_LINES);
    const named = JSON.stringify(shownLines.map(({ label, color, dash }) => [label, color, dash]));
    if (named === this.#named) return;
    this.#named = named;
    this.#keys.hidden = lines.length < 2;
    const more = lines.length - shownLines.length;
    this.#keys.replaceChildren(
      ...shownLines.map((line) => create("li", {}, strokeOf(line), line.label)),
      ...(more > 0 ? [create("li", {}, `… ${more}`)] : []),
    );
  }

  redraw() {
    const { clientWidth, clientHeight } = this.#plot;
    const shown = this.#shown;
    const size = {
      width: clientWidth - MARGIN.left - MARGIN.right,
      height: clientHeight - MARGIN.top - MARGIN.bottom,
    };
    if (shown === null || size.width <= 0 || size.height <= 0) return;
    this.#figure = curveFigure(shown.lines, shown.scale, shown.domain, size);
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const figure = this.#figure;
    const paint = (/** @type {CanvasRenderingContext2D} */ pen) => drawChart(pen, figure, shown, size);
    paint(context);
    paintedBy(this.#canvas, paint);
    this.#place(this.#mark, shown.at === null ? null : placeOfStep(shown.lines, shown.at));
    this.#describe();
  }

  /**
   * @param {HTMLElement} line
   * @param {number | null} place
   */
  #place(line, place) {
    line.hidden = place === null;
    if (place !== null && this.#figure !== null)
      line.style.transform = `translateX(${this.#figure.x(place).toFixed(1)}px)`;
  }

  /** @param {{clientX: number}} event */
  #placeAt({ clientX }) {
    const { left, width } = this.#area.getBoundingClientRect();
    const [from, to] = this.#shown?.domain ?? [0, 1];
    return from + ((clientX - left) / Math.max(1, width)) * (to - from);
  }

  /** @param {number} place */
  #read(place) {
    const [shown, figure] = [this.#shown, this.#figure];
    const first = shown?.lines[0];
    if (shown === null || figure === null || first === undefined) return;
    const record = nearest(first, place);
    if (record < 0) return;
    this.#at = record;
    this.#show();
  }

  #show() {
    const [shown, figure] = [this.#shown, this.#figure];
    const first = shown?.lines[0];
    if (shown === null || figure === null || first === undefined || this.#at < 0) return;
    const place = first.places[this.#at];
    this.#place(this.#cursor, place);
    const rows = shown.lines.slice(0, MOST_LINES).flatMap((line) => {
      const at = nearest(line, place);
      return at < 0
        ? []
        : [{ mark: strokeOf(line), label: line.label, value: formatNumber(line.values[at], 6) }];
    });
    this.#tooltip.show(
      MARGIN.left + figure.x(place),
      MARGIN.top,
      this.#titleAt(place, first.steps[this.#at]),
      rows,
    );
    this.#describe();
  }

  /**
   * @param {number} place
   * @param {number} step
   */
  #titleAt(place, step) {
    const { axis, t } = /** @type {Shown} */ (this.#shown);
    const told = t("views.loops.step", { step });
    return axis === "step"
      ? told
      : `${told} · ${t(`views.loops.axis.${axis}`)} ${formatTick(Number(place.toPrecision(5)))}`;
  }

  /** What a screen reader says: the numbers where the keys are, else the last ones. */
  #describe() {
    const shown = this.#shown;
    const first = shown?.lines[0];
    if (shown === null || first === undefined) return;
    const at = this.#at >= 0 && this.#at < first.values.length ? this.#at : nearest(first, Infinity);
    const step = at < 0 ? 0 : first.steps[at];
    const read = shown.lines.slice(0, MOST_LINES).map((line) => {
      const here = nearest(line, first.places[at] ?? 0);
      return `${line.label} ${here < 0 ? "–" : formatNumber(line.values[here], 4)}`;
    });
    const bounds = { min: first.steps[0] ?? 0, max: first.steps[first.steps.length - 1] ?? 0, now: step };
    for (const [name, value] of Object.entries(bounds))
      this.#area.setAttribute(`aria-value${name}`, String(value));
    this.#area.setAttribute(
      "aria-valuetext",
      `${shown.t("views.loops.step", { step })}: ${shown.t("shell.list", { parts: read })}`,
    );
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const first = this.#shown?.lines[0];
    const act = actOf("curve", event);
    if (first === undefined || act === null) return;
    event.preventDefault();
    event.stopPropagation();
    const last = first.values.length - 1;
    const at = this.#at < 0 ? last : this.#at;
    const reach = reachOf(event);
    /** @type {{[act: string]: number}} */
    const moves = { back: at - reach, forward: at + reach, first: 0, last };
    if (act === "mark") this.#onMark(first.steps[at]);
    else if (act === "drop") this.#drop();
    else this.#go(Math.max(0, Math.min(last, moves[act])));
  }

  /** Nothing is read any longer, and no step is marked. */
  #drop() {
    this.#rest();
    this.#onMark(null);
  }

  /** @param {number} record */
  #go(record) {
    const first = this.#shown?.lines[0];
    if (first === undefined) return;
    this.#at = record < 0 ? nearest(first, Infinity) : record;
    this.#show();
  }

  /** @param {number} place */
  #markAt(place) {
    const first = this.#shown?.lines[0];
    const record = first === undefined ? -1 : nearest(first, place);
    if (first !== undefined && record >= 0) this.#onMark(first.steps[record]);
  }

  #rest() {
    this.#tooltip.hide();
    this.#cursor.hidden = true;
  }
}

/**
 * Where a step lies on the axis, as the first line has it.
 *
 * @param {Line[]} lines
 * @param {number} step
 */
function placeOfStep(lines, step) {
  const [first] = lines;
  if (first === undefined) return null;
  const record = nearest({ places: first.steps, values: first.values }, step);
  return record < 0 ? null : first.places[record];
}

/** @param {Line} line */
function strokeOf({ color, dash }) {
  return svg(
    "svg",
    { width: 18, height: 8, viewBox: "0 0 18 8", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: "M0 4H18", stroke: color, "stroke-width": 2, "stroke-dasharray": dash.join(" ") }),
  );
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CurveFigure} figure
 * @param {Shown} shown
 * @param {{width: number, height: number}} size
 */
function drawChart(context, figure, { lines, theme }, size) {
  context.save();
  context.translate(MARGIN.left, MARGIN.top);
  drawAxes(context, figure, size, theme);
  lines.forEach((line, i) => drawLine(context, line, figure.points[i], size));
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CurveFigure} figure
 * @param {{width: number, height: number}} size
 * @param {import("../drawing/theme.js").Theme} theme
 */
function drawAxes(context, { x, y, xTicks, yTicks }, { width, height }, theme) {
  context.font = `${theme.fontSize}px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const tick of yTicks) {
    context.moveTo(0, Math.round(y(tick)) + 0.5);
    context.lineTo(width, Math.round(y(tick)) + 0.5);
  }
  context.stroke();
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of yTicks) context.fillText(formatTick(tick), -6, y(tick));
  context.textBaseline = "top";
  xTicks.forEach((tick, i) => {
    context.textAlign = i === 0 ? "left" : x(tick) > width - 16 ? "right" : "center";
    context.fillText(formatTick(tick), i === 0 ? x(tick) : Math.min(width, x(tick)), height + 5);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Line} line
 * @param {Float32Array} points
 * @param {{width: number, height: number}} size
 */
function drawLine(context, { color, dash }, points, { width, height }) {
  context.save();
  context.beginPath();
  context.rect(-1, -3, width + 3, height + 6);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1.6;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.beginPath();
  let isOpen = false;
  for (let i = 0; i < points.length; i += 2) {
    if (Number.isNaN(points[i + 1])) isOpen = false;
    else if (isOpen) context.lineTo(points[i], points[i + 1]);
    else {
      context.moveTo(points[i], points[i + 1]);
      isOpen = true;
    }
  }
  context.stroke();
  if (points.length === 2) context.fillRect(points[0] - 1.5, points[1] - 1.5, 3, 3);
  context.restore();
}
