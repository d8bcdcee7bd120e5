/**
 * What an address asks to look at that its runs do not have.
 */

import { sizeOfShape } from "../views/drawing/parameters.js";

/**
 * @typedef {import("../state/types.js").State} State
 * @typedef {Pick<import("../history.js").History, "names" | "shapes" | "stateKeys">} Known
 */

/** The quantities that every parameter has. */
const COMMON = ["param", "grad"];

/**
 * The keys whose values no run has anything for.
 *
 * @param {Pick<State, "parameter" | "element" | "quantity">} state
 * @param {Known[]} histories  of runs that have taken a step
 * @returns {("parameter" | "element" | "quantity")[]}
 */
export function unfitIn({ parameter, element, quantity }, histories) {
  const names = histories.flatMap((history) => history.names);
  const isNamed = parameter !== null && names.includes(parameter);
  const sizes = histories.flatMap(({ names: own, shapes }) =>
    own.filter((name) => !isNamed || name === parameter).map((name) => sizeOfShape(shapes[name])),
  );
  const isKept = histories.some((history) =>
    history.names.some((name) => history.stateKeys(name).includes(quantity ?? "")),
  );
  return [
    ...(parameter === null || isNamed ? [] : [/** @type {const} */ ("parameter")]),
    ...(element < Math.max(1, ...sizes) ? [] : [/** @type {const} */ ("element")]),
    ...(quantity === null || COMMON.includes(quantity) || isKept ? [] : [/** @type {const} */ ("quantity")]),
  ];
}
