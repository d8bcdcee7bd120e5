/** The drawing of a network in SVG: made once for each architecture, then only its lines and fills change. */

import { create, setAttributes, setText, svg } from "../drawing/dom.js";
import { layerKind } from "../drawing/frozen.js";
import { GradientFlow } from "./gradient-flow.js";
import { setIcon } from "../drawing/icons.js";
import { lockOf, windowsIn } from "../../state/freezing.js";
import { tellLock } from "../../state/freezing-words.js";
import { blueprint, gradientScale, shortNumber, shownValue, weightScale } from "./network-figure.js";
import { ellipsis, HEIGHT, makeEdge, makeLayer, makeUnit } from "./network-parts.js";
import { exactNumber } from "../drawing/numbers.js";
import { SignalMarks } from "./signal-marks.js";
import { signalScale } from "./signals.js";
import { Tooltip } from "../drawing/tooltip.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./relu.js").Activity} Activity
 * @typedef {import("./signals.js").Signals} Signals
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("./network-parts.js").EdgeElements} EdgeElements
 * @typedef {import("./network-parts.js").LayerElements} LayerElements
 * @typedef {import("./network-parts.js").UnitElements} UnitElements
 */

const LOCK_ICONS = /** @type {const} */ ({ open: "unlocked", window: "lockedForAWhile", whole: "locked" });

const THINNEST = 0.75;
const WIDEST = 6.5;
/** Room below the units, where layers say how large their gradient is, and a frozen one that it has none. */
const FOOT = 26;

export class NetworkDrawing {
  #ctx;
  #history;
  #plan;
  /** @type {EdgeElements[]} */
  #edges;
  /** @type {UnitElements[]} */
  #units;
  /** @type {LayerElements[]} */
  #layers;
  #flow;
  #marks;
  #tooltip;
  #record = 0;
  /** @type {Activity[]} */
  #activity = [];

  /**
   * @param {History} history
   * @param {number} width
   * @param {Context} ctx
   */
  constructor(history, width, ctx) {
    this.#ctx = ctx;
    this.#history = history;
    this.#plan = blueprint(history, { width, height: HEIGHT - FOOT });
    this.#layers = this.#plan.layers.map((layer) => makeLayer(layer, ctx));
    this.#flow = new GradientFlow(this.#plan.layers, HEIGHT - FOOT + 8, ctx);
    this.#edges = this.#plan.edges.map((edge) => makeEdge(edge, this.#plan.labelled));
    this.#units = this.#plan.units.map((unit) => makeUnit(unit, this.#plan));
    this.#marks = new SignalMarks(this.#plan);
    this.drawing = this.#assemble();
    this.element = create(
      "div",
      { class: "network-drawing" },
      create("div", { class: "network-locks" }, ...this.#layers.map(({ button }) => button)),
      this.drawing,
    );
    this.#tooltip = new Tooltip(this.element);
    this.drawing.addEventListener("pointermove", (event) => this.#readOut(event));
    this.drawing.addEventListener("pointerleave", () => this.#tooltip.hide());
    this.drawing.addEventListener("click", ({ target }) => this.#onClick(/** @type {Element} */ (target)));
  }

  /** The layers as they are drawn. */
  get layers() {
    return this.#plan.layers;
  }

  /** @param {Run} run  that is shown: what its configuration says, its locks say */
  describe({ label, config }) {
    const { t } = this.#ctx;
    const { freeze = [], steps = Infinity } = config;
    this.drawing.setAttribute("aria-label", t("views.network.label", { run: label }));
    for (const { name, button, icon: closed } of this.#layers) {
      const lock = lockOf(freeze, name, steps);
      const said = tellLock(name, windowsIn(freeze, name, steps), lock, steps, t);
      setIcon(closed, LOCK_ICONS[lock]);
      setAttributes(button, {
        "aria-pressed": said.pressed,
        "aria-label": said.label,
        "data-hint": said.title,
      });
    }
  }

  /**
   * @param {History} history  of the same architecture
   * @param {number} record
   * @param {Data["network"]} mode
   * @param {Activity[]} activity
   * @param {Signals | null} signals  null where none are shown
   */
  show(history, record, mode, activity, signals) {
    this.#history = history;
    this.#record = record;
    this.#activity = activity;
    const lines = mode === "gradients" ? mode : "weights";
    const scale = mode === "gradients" ? gradientScale(history, record) : weightScale(history);
    for (const elements of this.#edges) this.#showEdge(elements, lines, scale);
    for (const elements of this.#units) this.#showUnit(elements, lines, scale, activity);
    this.#marks.show(signals);
    this.drawing.classList.toggle("has-signals", mode === "signals");
    if (signals !== null) for (const elements of this.#units) showSignal(elements, signals);
    history.layers.forEach((layer, i) => {
      this.#layers[i].band.dataset.kind = layerKind(history, layer, record);
    });
    this.#flow.show(history, record);
  }

  /**
   * Mark the element of a parameter that is looked at.
   *
   * @param {string | null} parameter
   * @param {number} element
   */
  choose(parameter, element) {
    for (const { edge, line } of this.#edges)
      line.classList.toggle("is-chosen", parameter === `${edge.layer}.weight` && edge.index === element);
    for (const { unit, layer, body } of this.#units)
      body.classList.toggle("is-chosen", parameter === `${layer}.bias` && unit.index === element);
  }

  /** @param {Element} target */
  #onClick(target) {
    const edge = this.#edges.find(({ reach, line }) => reach === target || line === target)?.edge;
    if (edge !== undefined)
      return this.#ctx.onView({ parameter: `${edge.layer}.weight`, element: edge.index });
    const found = this.#unitOf(target);
    if (found === undefined || found.unit.column === 0) return undefined;
    return this.#ctx.onView({ parameter: `${found.layer}.bias`, element: found.unit.index });
  }

  /** @param {Element} target */
  #unitOf(target) {
    return this.#units.find(({ body, ring, cross }) => [body, ring, cross].some((part) => part === target));
  }

  /**
   * @param {EdgeElements} elements
   * @param {Data["network"]} mode
   * @param {number} scale
   */
  #showEdge({ edge, line, label }, mode, scale) {
    const value = shownValue(this.#history, `${edge.layer}.weight`, edge.index, this.#record, mode);
    const part = value === null ? 0 : strength(value, scale);
    setSign(line, value);
    line.style.strokeWidth = (THINNEST + (WIDEST - THINNEST) * part).toFixed(2);
    line.style.strokeOpacity = (0.3 + 0.7 * part).toFixed(2);
    if (label === null) return;
    setSign(label, value);
    setText(label, value === null ? "None" : shortNumber(value));
  }

  /**
   * @param {UnitElements} elements
   * @param {Data["network"]} mode
   * @param {number} scale
   * @param {Activity[]} activity
   */
  #showUnit({ unit, layer, body, ring, cross }, mode, scale, activity) {
    if (unit.column === 0) return;
    const value = shownValue(this.#history, `${layer}.bias`, unit.index, this.#record, mode);
    setSign(body, value);
    body.style.fillOpacity = (value === null ? 0 : 0.75 * strength(value, scale)).toFixed(2);
    const own = activity.find((candidate) => candidate.layer === layer);
    const part = own === undefined ? null : own.active[unit.index] / own.samples;
    ring.style.visibility = part === null || part === 0 ? "hidden" : "visible";
    if (part !== null) ring.style.strokeDasharray = `${(100 * part).toFixed(1)} 100`;
    cross.style.visibility = part === 0 ? "visible" : "hidden";
    body.classList.toggle("is-dead", part === 0);
  }

  #assemble() {
    const { width, height, layers } = this.#plan;
    const hatch = svg(
      "pattern",
      {
        id: "network-ice",
        width: 7,
        height: 7,
        patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)",
      },
      svg("rect", { class: "network-ice", width: 7, height: 7 }),
      svg("line", { class: "network-ice-line", x1: 0, y1: 0, x2: 0, y2: 7 }),
    );
    return svg(
      "svg",
      { class: "network-svg", role: "img", viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT },
      svg("defs", {}, hatch),
      ...this.#layers.map(({ band }) => band),
      ...this.#edges.flatMap(({ line, reach }) => [line, reach]),
      ...this.#edges.flatMap(({ label }) => (label === null ? [] : [label])),
      ...this.#units.flatMap(({ body, ring, cross }) => [body, ring, cross]),
      ...this.#ends(),
      this.#marks.element,
      ...layers.flatMap(({ total, shown, right }) => (total > shown ? [ellipsis(right, height)] : [])),
      this.#flow.element,
    );
  }

  /** What goes in and what comes out, written into the units where they are large enough. */
  #ends() {
    const { units, layers, radius } = this.#plan;
    const outside = radius < 9 ? radius + 9 : 0;
    return units
      .filter(({ column }) => column === 0 || column === layers.length)
      .map(({ column, index, x, y }) => {
        const input = column === 0;
        const name = input ? `x${subscript(index + 1)}` : "ŷ";
        return svg("text", { class: "network-end", x: x + (input ? -outside : outside), y }, name);
      });
  }

  /** @param {PointerEvent} event */
  #readOut(event) {
    const target = /** @type {Element} */ (event.target);
    const row = this.#edgeRows(target) ?? this.#unitRows(target);
    if (row === null) return this.#tooltip.hide();
    const box = this.element.getBoundingClientRect();
    return this.#tooltip.show(event.clientX - box.left, event.clientY - box.top, row.title, row.rows);
  }

  /** @param {Element} target */
  #edgeRows(target) {
    const found = this.#edges.find(({ reach, line }) => reach === target || line === target);
    if (found === undefined) return null;
    const { layer, row, column, index } = found.edge;
    return this.#rows(`${layer}.weight`, `[${row}, ${column}]`, index);
  }

  /** @param {Element} target */
  #unitRows(target) {
    const found = this.#unitOf(target);
    if (found === undefined || found.unit.column === 0) return null;
    const { layer, unit } = found;
    const row = this.#rows(`${layer}.bias`, `[${unit.index}]`, unit.index);
    const own = this.#activity.find((candidate) => candidate.layer === layer);
    if (own === undefined) return row;
    const value = this.#ctx.t("views.network.activeSamples", {
      active: own.active[unit.index],
      samples: own.samples,
    });
    return { ...row, rows: [...row.rows, { label: this.#ctx.t("views.network.activity"), value }] };
  }

  /**
   * @param {string} name
   * @param {string} place
   * @param {number} index
   */
  #rows(name, place, index) {
    const { t } = this.#ctx;
    const values = this.#history.param(name, this.#record);
    const single = values instanceof Float32Array;
    const gradient = this.#history.grad(name, this.#record);
    return {
      title: `${name}${place}`,
      rows: [
        { label: t("views.network.value"), value: exactNumber(values[index], single) },
        { label: ".grad", value: gradient === null ? "None" : exactNumber(gradient[index], single) },
      ],
    };
  }
}

/**
 * @param {UnitElements} elements
 * @param {Signals} signals
 */
function showSignal({ unit, body, ring, cross }, signals) {
  const signal = signals.columns[unit.column]?.[unit.index];
  if (signal === undefined) return;
  setSign(body, signal.value);
  body.style.fillOpacity = (0.75 * strength(signal.value, signalScale(signals))).toFixed(2);
  ring.style.visibility = "hidden";
  cross.style.visibility = signal.masked ? "visible" : "hidden";
  body.classList.toggle("is-dead", signal.masked);
}

/**
 * @param {number} value
 * @param {number} scale
 * @returns {number} from 0 to 1
 */
function strength(value, scale) {
  return Number.isNaN(value) ? 0 : Math.min(1, Math.abs(value) / scale);
}

/**
 * @param {SVGElement} element
 * @param {number | null} value
 */
function setSign(element, value) {
  const sign = value === null ? "none" : value < 0 ? "negative" : "positive";
  if (element.dataset.sign !== sign) element.dataset.sign = sign;
}

/** @param {number} number */
function subscript(number) {
  return String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
}
