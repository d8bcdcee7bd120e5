/** The numbers at the units: above each its activation, below the gradient of the loss by it. */

import { setText, svg } from "../drawing/dom.js";
import { formatNumber } from "../drawing/numbers.js";

/**
 * @typedef {import("./network-figure.js").Blueprint} Blueprint
 * @typedef {import("./network-figure.js").Unit} Unit
 * @typedef {import("./signals.js").Signals} Signals
 *
 * @typedef {{unit: Unit, value: SVGTextElement, gradient: SVGTextElement}} Mark
 */

/** From a unit to its numbers, in pixels. */
const GAP = 4;
const LINE = 13;
const DIGITS = 2;

export class SignalMarks {
  /** @type {Mark[]} */
  #marks;

  /** @param {Blueprint} plan */
  constructor({ units, radius }) {
    const room = Math.min(...units.map((unit) => distance(unit, units)));
    const fits = room >= 2 * (radius + GAP + LINE);
    this.#marks = !fits ? [] : units.map((unit) => ({
      unit,
      value: svg("text", { class: "network-signal", x: unit.x, y: unit.y - radius - GAP }),
      gradient: svg("text", { class: "network-signal is-gradient", x: unit.x, y: unit.y + radius + GAP + LINE - 2 }),
    })); // prettier-ignore
    this.element = svg("g", {}, ...this.#marks.flatMap(({ value, gradient }) => [value, gradient]));
  }

  /** @param {Signals | null} signals  null where none are shown */
  show(signals) {
    for (const { unit, value, gradient } of this.#marks) {
      const signal = signals?.columns[unit.column]?.[unit.index];
      setText(value, signal === undefined ? "" : formatNumber(signal.value, DIGITS));
      const none = signal === undefined || signal.gradient === null;
      setText(gradient, none ? "" : `∂ ${formatNumber(signal.gradient, DIGITS)}`);
    }
  }
}

/**
 * How far the next unit of the same column is.
 *
 * @param {Unit} unit
 * @param {Unit[]} units
 */
function distance(unit, units) {
  const others = units.filter(({ column, index }) => column === unit.column && index !== unit.index);
  return Math.min(Infinity, ...others.map(({ y }) => Math.abs(y - unit.y)));
}
