/** The drawing of a network in SVG: made once for each architecture, then only its lines and fills change. */

import { create, setAttributes, setText, svg } from "../drawing/dom.js";
import { layerKind } from "../drawing/frozen.js";
import { GradientFlow } from "./gradient-flow.js";
import { icon, setIcon } from "../drawing/icons.js";
import { lockOf, windowsIn } from "../../state/freezing.js";
import { tellLock } from "../../state/freezing-words.js";
import { blueprint, gradientScale, shownValue, weightScale } from "./network-figure.js";
import { exactNumber, formatNumber } from "../drawing/numbers.js";
import { Tooltip } from "../drawing/tooltip.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./network-figure.js").Blueprint} Blueprint
 * @typedef {import("./network-figure.js").Edge} Edge
 * @typedef {import("./network-figure.js").Unit} Unit
 * @typedef {import("./relu.js").Activity} Activity
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {{edge: Edge, line: SVGLineElement, reach: SVGLineElement, label: SVGTextElement | null}} EdgeElements
 * @typedef {{unit: Unit, layer: string, body: SVGCircleElement, ring: SVGCircleElement, cross: SVGPathElement}} UnitElements
 * @typedef {{name: string, band: SVGRectElement, button: HTMLButtonElement, icon: SVGSVGElement}} LayerElements
 */

const LOCK_ICONS = /** @type {const} */ ({ open: "unlocked", window: "lockedForAWhile", whole: "locked" });

const THINNEST = 0.75;
const WIDEST = 6.5;
const HEIGHT = 184;
/** Room below the units, where layers say how large their gradient is, and a frozen one that it has none. */
const FOOT = 26;

/** Where on an edge its number stands: nearer to where it comes from, so that crossing edges keep theirs apart. */
const LABEL_AT = 0.3;

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
      setAttributes(button, { "aria-pressed": said.pressed, "aria-label": said.label, title: said.title });
    }
  }

  /**
   * @param {History} history  of the same architecture
   * @param {number} record
   * @param {Data["network"]} mode
   * @param {Activity[]} activity
   */
  show(history, record, mode, activity) {
    this.#history = history;
    this.#record = record;
    this.#activity = activity;
    const scale = mode === "weights" ? weightScale(history) : gradientScale(history, record);
    for (const elements of this.#edges) this.#showEdge(elements, mode, scale);
    for (const elements of this.#units) this.#showUnit(elements, mode, scale, activity);
    history.layers.forEach((layer, i) => {
      this.#layers[i].band.dataset.kind = layerKind(history, layer, record);
    });
    this.#flow.show(history, record);
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
    setText(label, value === null ? "None" : signed(value, mode));
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
    const found = this.#units.find(({ body, ring, cross }) =>
      [body, ring, cross].some((part) => part === target),
    );
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
 * @param {Blueprint["layers"][number]} layer
 * @param {Context} ctx
 * @returns {LayerElements}
 */
function makeLayer({ name, left, right }, ctx) {
  const lock = icon("unlocked");
  const button = create(
    "button",
    { class: "network-lock", type: "button", "data-layer": name },
    lock,
    create("span", {}, name),
  );
  button.style.left = `${(left + right) / 2 - 9}px`;
  button.addEventListener("click", () => ctx.onToggleFreeze(name));
  return {
    name,
    button,
    icon: lock,
    band: svg("rect", {
      class: "network-band",
      x: left,
      y: 1,
      width: right - left,
      height: HEIGHT - 2,
      rx: 8,
    }),
  };
}

/**
 * @param {Edge} edge
 * @param {boolean} labelled
 * @returns {EdgeElements}
 */
function makeEdge({ x1, y1, x2, y2, ...rest }, labelled) {
  const place = { x1, y1, x2, y2 };
  const at = { x: x1 + LABEL_AT * (x2 - x1), y: y1 + LABEL_AT * (y2 - y1) };
  return {
    edge: { ...place, ...rest },
    line: svg("line", { class: "network-edge", ...place }),
    reach: svg("line", { class: "network-reach", ...place }),
    label: labelled ? svg("text", { class: "network-number", ...at }) : null,
  };
}

/**
 * @param {Unit} unit
 * @param {Blueprint} plan
 * @returns {UnitElements}
 */
function makeUnit(unit, { radius, layers }) {
  const { x, y, column } = unit;
  const d = 0.62 * radius;
  return {
    unit,
    layer: column === 0 ? "" : layers[column - 1].name,
    body: svg("circle", {
      class: column === 0 ? "network-unit is-input" : "network-unit",
      cx: x,
      cy: y,
      r: radius,
    }),
    ring: svg("circle", {
      class: "network-ring",
      cx: x,
      cy: y,
      r: radius,
      pathLength: 100,
      transform: `rotate(-90 ${x} ${y})`,
      visibility: "hidden",
    }),
    cross: svg("path", {
      class: "network-cross",
      d: `M${x - d} ${y - d}L${x + d} ${y + d}M${x - d} ${y + d}L${x + d} ${y - d}`,
      visibility: "hidden",
    }),
  };
}

/**
 * @param {number} right
 * @param {number} height
 */
function ellipsis(right, height) {
  return svg("text", { class: "network-end", x: right - 14, y: height - 4 }, "⋮");
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

/**
 * A number short enough for an edge.
 *
 * @param {number} value
 * @param {Data["network"]} mode
 */
function signed(value, mode) {
  const fixed = mode === "weights" && Math.abs(value) < 100;
  const text = fixed ? value.toFixed(2).replace("-", "−") : formatNumber(value, 2);
  return value > 0 ? `+${text}` : text;
}

/** @param {number} number */
function subscript(number) {
  return String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
}
