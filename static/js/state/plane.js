/**
 * Which slice of parameter space the loss surface is drawn on: what a person chooses, and what the server is asked for.
 */

import { read, write } from "./notation.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Json} Json
 *
 * @typedef {"start" | "step" | "final"} Place  of the selected run; "step" is the one that is shown
 * @typedef {"start" | "middle" | "final"} PointPlace
 * @typedef {{slot: number, at: PointPlace}} Point  a record of a run
 *
 * @typedef {{kind: "pca", through: "mean" | "final" | "start"}} PcaPlane
 * @typedef {{kind: "parameters", names: [string, string] | null, at: Place}} ParametersPlane  null: the first two
 * @typedef {{kind: "random", seed: number, at: Place, trainable_only: boolean}} RandomPlane
 * @typedef {{kind: "points", points: [Point, Point, Point] | null}} PointsPlane  null: start and ends of two runs
 * @typedef {{kind: "eigen", at: Place, trainable_only: boolean}} EigenPlane
 * @typedef {PcaPlane | ParametersPlane | RandomPlane | PointsPlane | EigenPlane} Plane
 * @typedef {Plane["kind"]} PlaneKind
 *
 * @typedef {{run: number, step: number}} RecordOf  step: −1 is the last one
 * @typedef {object} PlaneConfig  as the server takes it, and answers with
 * @property {"function" | PlaneKind} kind
 * @property {"mean" | "final" | "start"} [through]
 * @property {[string, string]} [names]
 * @property {number} [seed]
 * @property {RecordOf} [at]
 * @property {RecordOf[]} [points]
 * @property {boolean} [trainable_only]
 */

/** @type {{[K in PlaneKind]: Extract<Plane, {kind: K}>}} what each kind begins with */
const DEFAULTS = {
  pca: { kind: "pca", through: "mean" },
  parameters: { kind: "parameters", names: null, at: "final" },
  random: { kind: "random", seed: 0, at: "final", trainable_only: true },
  points: { kind: "points", points: null },
  eigen: { kind: "eigen", at: "step", trainable_only: true },
};

export const PLANE_KINDS = /** @type {PlaneKind[]} */ (Object.keys(DEFAULTS));
export const PLACES = /** @type {const} */ (["start", "step", "final"]);
export const THROUGHS = /** @type {const} */ (["mean", "final", "start"]);
export const POINT_PLACES = /** @type {const} */ (["start", "middle", "final"]);

/**
 * @template {PlaneKind} K
 * @param {K} kind
 * @returns {Extract<Plane, {kind: K}>}
 */
export function planeOf(kind) {
  return /** @type {any} */ (DEFAULTS[kind]);
}

/**
 * Whether the slice moves with the clock.
 *
 * @param {Plane} plane
 */
export function followsStep(plane) {
  return "at" in plane && plane.at === "step";
}

/**
 * The single parameters of a network, by torch's names: "fc1.weight[0,1]", "fc3.bias[0]".
 *
 * @param {number[]} widths  units from the inputs to the outputs
 * @returns {{parameter: string, entries: string[]}[]}
 */
export function parameterEntries(widths) {
  return widths.slice(1).flatMap((units, i) => {
    const rows = Array.from({ length: units }, (_, row) => row);
    const columns = Array.from({ length: widths[i] }, (_, column) => column);
    const layer = `fc${i + 1}`;
    return [
      {
        parameter: `${layer}.weight`,
        entries: rows.flatMap((row) => columns.map((column) => `${layer}.weight[${row},${column}]`)),
      },
      { parameter: `${layer}.bias`, entries: rows.map((row) => `${layer}.bias[${row}]`) },
    ];
  });
}

/**
 * The two parameters that are drawn: those chosen, as far as this network has them.
 *
 * @param {ParametersPlane} plane
 * @param {number[]} widths
 * @returns {[string, string]}
 */
export function namesOf({ names }, widths) {
  const known = parameterEntries(widths).flatMap(({ entries }) => entries);
  if (names !== null && names[0] !== names[1] && names.every((name) => known.includes(name))) return names;
  return [known[0], known[1]];
}

/**
 * The three points that are drawn: those chosen, as long as their runs are there.
 *
 * @param {PointsPlane} plane
 * @param {number[]} slots  of the runs
 * @returns {[Point, Point, Point]}
 */
export function pointsOf({ points }, slots) {
  if (points !== null && points.every(({ slot }) => slots.includes(slot))) return points;
  const [first, second] = slots;
  if (second === undefined) {
    return [
      { slot: first, at: "start" },
      { slot: first, at: "middle" },
      { slot: first, at: "final" },
    ];
  }
  return [
    { slot: first, at: "start" },
    { slot: first, at: "final" },
    { slot: second, at: "final" },
  ];
}

/**
 * What the server is asked for.
 *
 * @param {Pick<State, "plane" | "runs" | "selected" | "steps" | "hidden">} state
 * @param {{inputs: number, outputs: number}} shape  of the network
 * @param {number} step  that is shown
 * @returns {PlaneConfig}
 */
export function planeConfig({ plane, runs, selected, steps, hidden }, { inputs, outputs }, step) {
  const slots = runs.map(({ slot }) => slot);
  if (plane.kind === "pca") return plane;
  if (plane.kind === "points") {
    const stepOf = { start: 0, middle: Math.floor(steps / 2), final: -1 };
    const points = pointsOf(plane, slots).map(({ slot, at }) => ({
      run: slots.indexOf(slot),
      step: stepOf[at],
    }));
    return { kind: "points", points };
  }
  const run = Math.max(0, slots.indexOf(selected));
  const at = { run, step: { start: 0, final: -1, step }[plane.at] };
  if (plane.kind !== "parameters") return { ...plane, at };
  return { kind: "parameters", names: namesOf(plane, [inputs, ...hidden, outputs]), at };
}

/**
 * A plane as an address has it: "eigen", or "random(seed:7)" where it is not as it begins.
 *
 * @param {Plane} plane
 * @returns {string}
 */
export function writePlane(plane) {
  const usual = /** @type {Record<string, unknown>} */ (DEFAULTS[plane.kind]);
  const own = Object.entries(plane).filter(
    ([option, value]) => JSON.stringify(value) !== JSON.stringify(usual[option]),
  );
  const call = { name: plane.kind, hyperparameters: Object.fromEntries(own) };
  return own.length === 0 ? plane.kind : write(/** @type {any} */ (call));
}

/**
 * @param {string} text
 * @returns {Plane}
 * @throws {RangeError}  if it is none
 */
export function readPlane(text) {
  const value = read(text);
  const { name, hyperparameters: options } = /** @type {any} */ (
    typeof value === "string" ? { name: value, hyperparameters: {} } : (value ?? {})
  );
  if (typeof name !== "string" || !Object.hasOwn(DEFAULTS, name)) throw new RangeError(`no plane ${text}`);
  const usual = /** @type {Record<string, unknown>} */ (DEFAULTS[/** @type {PlaneKind} */ (name)]);
  for (const [option, given] of Object.entries(options ?? {})) {
    if (option === "kind" || !(option in usual) || !CHECKS[option](given))
      throw new RangeError(`${option} of a plane`);
  }
  return /** @type {any} */ ({ ...usual, ...options });
}

/**
 * @param {readonly string[]} choices
 * @returns {(value: unknown) => boolean}
 */
const oneOf = (choices) => (value) => typeof value === "string" && choices.includes(value);

/**
 * @param {number} length
 * @param {(part: unknown) => boolean} check
 * @returns {(value: unknown) => boolean}
 */
const tuple = (length, check) => (value) =>
  Array.isArray(value) && value.length === length && value.every(check);

/** @type {Record<string, (value: unknown) => boolean>} */
const CHECKS = {
  through: oneOf(THROUGHS),
  at: oneOf(PLACES),
  trainable_only: (value) => typeof value === "boolean",
  seed: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  names: tuple(2, (name) => typeof name === "string"),
  points: tuple(3, (point) => {
    const { slot, at } = /** @type {Partial<Point>} */ (point ?? {});
    return Number.isInteger(slot) && oneOf(POINT_PLACES)(at);
  }),
};
