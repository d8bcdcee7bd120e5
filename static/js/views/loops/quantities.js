/** How what is known of layers is drawn, and said. */

/**
 * @typedef {"log" | "linear"} Scale
 */

/** In the order in which they are offered; the state of the optimizer comes behind them. */
const KNOWN = ["grad_norm", "update_ratio", "update_norm", "weight_norm", "effective_lr", "cos_update_grad", "cos_momentum_grad", "grad_noise", "zeros", "non_finite", "frozen"]; // prettier-ignore

const LINEAR = new Set([
  "cos_update_grad",
  "cos_momentum_grad",
  "grad_noise",
  "zeros",
  "non_finite",
  "frozen",
]);

/** What is 1 at most by its nature. @type {Record<string, [number, number]>} */
const BOUNDS = { cos_update_grad: [-1, 1], cos_momentum_grad: [-1, 1], zeros: [0, 1], frozen: [0, 1] };

/**
 * @param {string[]} quantities  of a record
 * @returns {string[]}  as they are offered
 */
export function ordered(quantities) {
  const rank = (/** @type {string} */ name) => (KNOWN.includes(name) ? KNOWN.indexOf(name) : KNOWN.length);
  return [...quantities].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** @param {string} quantity @returns {Scale} */
export function scaleOf(quantity) {
  return LINEAR.has(quantity) ? "linear" : "log";
}

/** @param {string} quantity */
export function boundsOf(quantity) {
  return BOUNDS[quantity] ?? null;
}

/**
 * What a quantity is called: its own name, with a sentence where there is one.
 *
 * @param {string} quantity
 * @param {import("../../languages/translator.js").Translator["t"]} t
 */
export function hintOf(quantity, t) {
  if (quantity.startsWith("state.")) return t("views.loops.of.state", { key: quantity.slice(6) });
  return KNOWN.includes(quantity) ? t(`views.loops.of.${quantity}`) : "";
}

/**
 * A layer as people know it.
 *
 * @param {import("../../wire.d.ts").Layer} layer
 */
export function layerName({ name, module }) {
  return module ? `${name} · ${module}` : name;
}
