/** Which charts there are of watched runs, and the curves in each. */

/**
 * @typedef {import("./record.js").Record} Record
 *
 * @typedef {object} Series
 * @property {number} run  0 is the one that is open, 1 the one beside it
 * @property {string} name  of what was logged; of a group its numbers, as "0" or "1–3"; nothing where there is one alone
 * @property {ArrayLike<number>} values  of each record
 * @property {boolean} [isBound]  whether it is what another curve is measured against
 *
 * @typedef {object} Chart
 * @property {string} key  of its title, unless it is what a loop has logged
 * @property {string | null} logged  the name that a loop gave to it
 * @property {"log" | "linear"} scale  to begin with
 * @property {Series[]} series
 */

/** Columns with a number for each param group, or for each scheduler. @type {{key: string, path: string, scale: Chart["scale"]}[]} */
const BY_GROUP = [
  { key: "momentum", path: "momentum", scale: "linear" },
  { key: "weightDecay", path: "hyperparameters.weight_decay", scale: "linear" },
  { key: "scheduled", path: "scheduled", scale: "linear" },
];

/**
 * @param {Record[]} records  of the run that is open, and of another one
 * @returns {Chart[]}  those that have something to show
 */
export function chartsOf(records) {
  const logged = [...new Set(records.flatMap(loggedIn))];
  const losses = logged.filter(isLoss);
  const all = [
    chart("loss", "log", records, ["loss", ...losses.map((name) => `logged.${name}`)]),
    ratesChart(records),
    chart("gradNorm", "log", records, ["grad_norm", "clipped_grad_norm"]),
    clippingChart(records),
    ...BY_GROUP.map(({ key, path, scale }) => groupChart(key, scale, records, path)),
    chart("curvature", "log", records, ["top_eigenvalue", "critical_sharpness"]),
    chart("skipped", "linear", records, ["skipped"]),
    ...logged.filter((name) => !isLoss(name)).map((name) => loggedChart(records, name)),
  ];
  return all.filter(({ series }) => series.length > 0);
}

/** @param {Record} record */
function loggedIn(record) {
  return record.paths.filter((path) => path.startsWith("logged.")).map((path) => path.slice(7));
}

/** What is nothing to see where it is 0 throughout. */
const ABSENT_AT_ZERO = new Set(["skipped", "hyperparameters.weight_decay"]);

/** @param {string} name  of what was logged */
function isLoss(name) {
  return /loss/i.test(name);
}

/**
 * @param {Record[]} records
 * @param {string} name
 * @returns {Chart}
 */
function loggedChart(records, name) {
  return { ...chart("logged", "linear", records, [`logged.${name}`]), logged: name };
}

/**
 * @param {string} key
 * @param {Chart["scale"]} scale
 * @param {Record[]} records
 * @param {string[]} paths
 * @returns {Chart}
 */
function chart(key, scale, records, paths) {
  const series = paths.flatMap((path) =>
    records.flatMap((record, run) => {
      const column = record.column(path);
      return column === null || !tells(column.data, path)
        ? []
        : [{ run, name: nameOf(path), values: column.data }];
    }),
  );
  return { key, logged: null, scale, series };
}

/** @param {string} path */
function nameOf(path) {
  return path.replace(/^(logged|hyperparameters)\./, "");
}

/**
 * Whether there is anything to see: nothing was skipped, say, where the count stays 0.
 *
 * @param {ArrayLike<number>} values
 * @param {string} path
 */
function tells(values, path) {
  const isAbsent = (/** @type {number} */ value) =>
    Number.isNaN(value) || (value === 0 && ABSENT_AT_ZERO.has(path));
  return !Array.prototype.every.call(values, isAbsent);
}

/**
 * The rate of each group, and that at which the loss along the update begins to rise.
 *
 * @param {Record[]} records
 * @returns {Chart}
 */
function ratesChart(records) {
  const rates = groupChart("lr", "linear", records, "lr");
  const bounds = chart("lr", "linear", records, ["critical_rate"]).series;
  return {
    ...rates,
    scale: bounds.length > 0 ? "log" : "linear",
    series: [...rates.series, ...bounds.map((one) => ({ ...one, isBound: true }))],
  };
}

/**
 * How much of a gradient clipping leaves: 1 is all of it.
 *
 * @param {Record[]} records
 * @returns {Chart}
 */
function clippingChart(records) {
  const series = records.flatMap((record, run) => {
    const [before, after] = [record.column("grad_norm"), record.column("clipped_grad_norm")];
    if (before === null || after === null || !tells(after.data, "")) return [];
    return [{ run, name: "", values: Float32Array.from(after.data, (norm, i) => norm / before.data[i]) }];
  });
  return { key: "clipping", logged: null, scale: "linear", series };
}

/**
 * @param {string} key
 * @param {Chart["scale"]} scale
 * @param {Record[]} records
 * @param {string} path
 * @returns {Chart}  groups that never differ are one curve
 */
function groupChart(key, scale, records, path) {
  const series = records.flatMap((record, run) => {
    const column = record.column(path);
    if (column === null) return [];
    return alike(column).map(({ groups, values }) => ({
      run,
      name: column.width === 1 ? nameOf(path) : rangesOf(groups),
      values,
    }));
  });
  return { key, logged: null, scale, series: series.some(({ values }) => tells(values, path)) ? series : [] };
}

/**
 * @param {import("./record.js").Rows} rows
 * @returns {{groups: number[], values: Float32Array}[]}
 */
function alike({ data, width }) {
  /** @type {{groups: number[], values: Float32Array}[]} */
  const found = [];
  for (let group = 0; group < width; group += 1) {
    const values = Float32Array.from({ length: data.length / width }, (_, i) => data[i * width + group]);
    const same = found.find((other) => other.values.every((value, i) => Object.is(value, values[i])));
    if (same === undefined) found.push({ groups: [group], values });
    else same.groups.push(group);
  }
  return found;
}

/** @param {number[]} numbers  that go up @returns {string} "0, 2–5" */
export function rangesOf(numbers) {
  /** @type {[number, number][]} */
  const ranges = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}
