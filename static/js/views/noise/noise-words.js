/** What the noise of a gradient means, in sentences and figures. */

import { formatNumber, formatPercent } from "../drawing/numbers.js";
import { spreadAt } from "./noise-figure.js";

/**
 * @typedef {import("./noise-figure.js").Noise} Noise
 * @typedef {import("../types.js").Context} Context
 * @typedef {{key: string, params?: import("../../languages/translator.js").Params}} Message  under `views.noise`
 */

const DIGITS = 3;

/**
 * What it means for the choice of a batch size.
 *
 * @param {Noise} noise
 * @returns {Message}
 */
export function verdictOf({ norm, trace, balance, step }) {
  if (!Number.isFinite(norm) || !Number.isFinite(trace)) return { key: "notFinite", params: { step } };
  if (trace === 0) return { key: "agree", params: { step } };
  if (balance <= 1) return { key: "quiet", params: { step } };
  return { key: "dominates", params: { step, count: Math.ceil(balance) } };
}

/**
 * What a step of this run sees of it.
 *
 * @param {Noise} noise
 * @returns {Message | null}
 */
export function ownOf(noise) {
  const { seen, samples, norm } = noise;
  if (seen === samples) return { key: "seesAll", params: { count: samples } };
  if (!(norm > 0)) return null;
  const times = formatNumber(spreadAt(noise, seen) / norm, DIGITS);
  return { key: "sees", params: { count: seen, times, part: formatPercent(seen / samples) } };
}

/**
 * @param {Noise} noise
 * @returns {{key: string, value: string}[]}  key: under `views.noise.facts`
 */
export function factsOf({ norm, trace, scale, seen, samples }) {
  return [
    { key: "norm", value: formatNumber(norm, DIGITS) },
    { key: "trace", value: formatNumber(trace, DIGITS) },
    { key: "scale", value: scale === Infinity ? "∞" : formatNumber(scale, DIGITS) },
    { key: "seen", value: `${seen} / ${samples}` },
  ];
}

/**
 * What was measured, and over what.
 *
 * @param {Noise} noise
 * @param {number} all  parameters of the network
 * @returns {Message[]}  under `views.noise.method`
 */
export function methodOf({ samples, parameters, seed, sizes }, all) {
  const drawn = sizes.find(({ exact }) => !exact);
  return [
    { key: "exact", params: { count: samples } },
    ...(drawn === undefined ? [] : [{ key: "drawn", params: { count: drawn.minibatches, seed } }]),
    ...(parameters < all ? [{ key: "trained", params: { count: parameters, total: all } }] : []),
    { key: "source" },
  ];
}
