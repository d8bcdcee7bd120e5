/**
 * Averaged weights of a run. Only what departs from the server's defaults is kept.
 */

/**
 * @typedef {import("./types.js").State} State
 *
 * @typedef {object} AverageFields
 * @property {number} decay  of an EMA: what it keeps in each update
 * @property {number} from_step  steps done before the first one that is averaged
 * @property {number} every  steps for each update
 * @property {boolean} use_buffers
 *
 * @typedef {{name: "EMA" | "SWA"} & Partial<AverageFields>} Average
 */

/** @type {readonly Average["name"][]} */
export const AVERAGES = Object.freeze(/** @type {const} */ (["EMA", "SWA"]));

/** @type {Readonly<AverageFields>} */
export const AVERAGE_DEFAULTS = Object.freeze({ decay: 0.99, from_step: 0, every: 1, use_buffers: false });

const FIELDS = /** @type {(keyof AverageFields)[]} */ (Object.keys(AVERAGE_DEFAULTS));

/**
 * An average as a field of a run; nothing if there is none.
 *
 * @param {(Partial<AverageFields> & {name: string}) | null | undefined} average
 * @returns {{average?: Average}}
 */
export function averageField(average) {
  if (average === null || average === undefined) return {};
  const name = /** @type {Average["name"]} */ (average.name);
  const own = FIELDS.filter(
    (field) => average[field] !== undefined && average[field] !== AVERAGE_DEFAULTS[field],
  ).filter((field) => field !== "decay" || name === "EMA");
  return { average: { name, ...Object.fromEntries(own.map((field) => [field, average[field]])) } };
}

/**
 * What is averaged, in all runs that can be changed.
 *
 * @param {State} state
 * @param {Average | undefined} average
 * @returns {Partial<State>}
 */
export function averageAll(state, average) {
  return {
    runs: state.runs.map((run) => {
      const { average: _, ...rest } = run;
      return run.kept ? run : { ...rest, ...averageField(average) };
    }),
  };
}

/**
 * After how many updates half of what an EMA holds has gone.
 *
 * @param {number} decay
 * @returns {number}  Infinity where it never goes
 */
export function halfLife(decay) {
  return decay >= 1 ? Infinity : decay <= 0 ? 0 : Math.log(0.5) / Math.log(decay);
}

/**
 * An average in a few words of torch's: "EMA 0.99", "SWA from 200".
 *
 * @param {Average} average
 * @param {import("../languages/translator.js").Translator["t"]} t
 */
export function tellAverage({ name, decay = AVERAGE_DEFAULTS.decay, from_step: from = 0 }, t) {
  const what = name === "EMA" ? `${name} ${decay}` : name;
  return from === 0 ? what : t("labels.averagedFrom", { average: what, from });
}
