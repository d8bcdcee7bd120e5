/** From the charts of watched runs to the lines that are drawn. */

import { placesOf } from "../../state/loops/axis.js";

/**
 * @typedef {import("../../state/loops/record.js").Record} Record
 * @typedef {import("../../state/loops/charts.js").Series} Series
 * @typedef {import("./curve-figure.js").Line} Line
 *
 * @typedef {object} Drawn  a run in the charts
 * @property {Record} record
 * @property {string} label
 * @property {ArrayLike<number>} places
 */

/** How many colours there are for the curves of one run. */
const COLORS = 8;

const BESIDE = [6, 3];
const BOUND = [2, 2];

/**
 * @param {{record: Record, label: string}[]} runs
 * @param {import("../../state/types.js").Loops["x"]} axis  that all of them have
 * @returns {Drawn[]}
 */
export function drawnOver(runs, axis) {
  return runs.map((run) => ({ ...run, places: placesOf(run.record, axis) ?? run.record.steps }));
}

/**
 * @param {Drawn[]} runs
 * @returns {[number, number]}
 */
export function domainOf(runs) {
  const ends = runs.flatMap(({ places }) =>
    places.length === 0 ? [] : [places[0], places[places.length - 1]],
  );
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return ends.length === 0 ? [0, 1] : [from, to > from ? to : from + 1];
}

/**
 * @param {Series[]} series  of one chart
 * @param {Drawn[]} runs
 * @param {(slot: number) => string} colorOf
 * @param {import("../../languages/translator.js").Translator["t"]} t
 * @returns {Line[]}
 */
export function linesOf(series, runs, colorOf, t) {
  const names = [...new Set(series.map(({ name, isBound }) => `${name} ${isBound ?? false}`))];
  return series.map(({ run, name, values, isBound = false }) => {
    const { record, label, places } = runs[run];
    const own = /^[\d–, ]+$/.test(name) ? t("views.loops.group", { groups: name }) : name;
    const told = runs.length > 1 ? [label, own] : [own === "" ? label : own];
    return {
      label: told.filter(Boolean).join(" · "),
      color: colorOf(names.indexOf(`${name} ${isBound}`) % COLORS),
      dash: isBound ? BOUND : run === 1 ? BESIDE : [],
      ...{ places, values, steps: record.steps },
    };
  });
}
