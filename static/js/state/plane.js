/**
 * Which slice of parameter space the loss surface is drawn on: what a person chooses, and what the server is asked for.
 */

import { readNumbers } from "./held-plane.js";
import { read, write } from "./notation.js";

/**
 * @typedef {import("./layers.js").NamedShape} NamedShape
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Json} Json
 *
 * @typedef {"start" | "step" | "final"} Place  of the selected run; "step" is the one that is shown
 * @typedef {"start" | "middle" | "final"} PointPlace
 * @typedef {{slot: number, at: PointPlace}} Point  a record of a run
 *
 * @typedef {[number, number]} AxisNumbers  which axes are drawn along x and y, from 1; negative, if the other way round
 *
 * @typedef {{kind: "pca", through: "mean" | "final" | "start" | "selected", axes?: AxisNumbers}} PcaPlane  selected: the
 *   end of the selected run, and not of the first
 * @typedef {{kind: "parameters", names: [string, string] | null, at: Place}} ParametersPlane  null: the first two
 * @typedef {{kind: "random", seed: number, at: Place, trainable_only: boolean}} RandomPlane
 * @typedef {{kind: "points", points: [Point, Point, Point] | null}} PointsPlane  null: start and ends of two runs
 * @typedef {{kind: "eigen", at: Place, trainable_only: boolean, axes?: AxisNumbers}} EigenPlane
 * @typedef {{kind: "held", of: string, numbers: string}} HeldPlane  of: the plane that it was, as an address has it
 * @typedef {PcaPlane | ParametersPlane | RandomPlane | PointsPlane | EigenPlane} LaidPlane  through the runs that there are
 * @typedef {LaidPlane | HeldPlane} Plane
 * @typedef {LaidPlane["kind"]} PlaneKind
 *
 * @typedef {{run: number, step: number}} RecordOf  step: −1 is the last one
 * @typedef {object} PlaneConfig  as the server takes it, and answers with
 * @property {"function" | "held" | PlaneKind} kind
 * @property {"mean" | "final" | "start"} [through]
 * @property {number} [run]  whose end or start
 * @property {AxisNumbers} [axes]
 * @property {[number[], number[]]} [like]  the basis of a plane whose directions are kept
 * @property {number[]} [origin]
 * @property {[number[], number[]]} [basis]
 * @property {[string, string]} [names]
 * @property {number} [seed]
 * @property {RecordOf} [at]
 * @property {RecordOf[]} [points]
 * @property {boolean} [trainable_only]
 */

/** Kinds of planes whose axes may be drawn another way round. */
const TURNED = ["pca", "eigen"];

/** @param {{kind: string}} plane */
export const isTurned = ({ kind }) => TURNED.includes(kind);

/** @type {AxisNumbers} */
const USUAL_AXES = [1, 2];

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
export const THROUGHS = /** @type {const} */ (["mean", "start", "final", "selected"]);
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
 * The plane with its axes that way round; one whose axes have signs of their own as it is.
 *
 * @template {{kind: string, axes?: AxisNumbers}} P
 * @param {P} plane
 * @param {AxisNumbers | undefined} axes
 * @returns {P}
 */
export function withAxes(plane, axes) {
  if (axes === undefined || !isTurned(plane) || isSame(axes, plane.axes)) return plane;
  const { axes: _, ...rest } = plane;
  return /** @type {P} */ (isSame(axes) ? rest : { ...rest, axes });
}

/**
 * @param {AxisNumbers} axes
 * @param {AxisNumbers} [others]
 */
function isSame(axes, others = USUAL_AXES) {
  return axes.every((axis, i) => axis === others[i]);
}

/**
 * What a plane is laid through the runs as: a held one, as it was before.
 *
 * @param {Plane} plane
 * @returns {LaidPlane}
 */
export function laidPlane(plane) {
  return plane.kind === "held" ? /** @type {LaidPlane} */ (readPlane(plane.of)) : plane;
}

/**
 * The plane that is drawn: one that is held, as long as it is one of this network.
 *
 * @param {Plane} plane
 * @param {NamedShape[]} shapes
 * @returns {Plane}
 */
export function drawnPlane(plane, shapes) {
  const isOther = plane.kind === "held" && readNumbers(plane.numbers).origin.length !== parametersOf(shapes);
  return isOther ? laidPlane(plane) : plane;
}

/**
 * How many single parameters there are.
 *
 * @param {NamedShape[]} shapes
 */
export function parametersOf(shapes) {
  return shapes.reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 0);
}

/**
 * The single parameters, by torch's names: "fc1.weight[0,1]", "fc3.bias[0]".
 *
 * @param {NamedShape[]} shapes
 * @returns {{parameter: string, entries: string[]}[]}
 */
export function parameterEntries(shapes) {
  return shapes.map(({ name, shape: [rows, columns] }) => ({
    parameter: name,
    entries: indices(rows).flatMap((row) =>
      columns === undefined
        ? [`${name}[${row}]`]
        : indices(columns).map((column) => `${name}[${row},${column}]`),
    ),
  }));
}

/** @param {number} length */
function indices(length) {
  return Array.from({ length }, (_, index) => index);
}

/**
 * The two parameters that are drawn: those chosen, as far as there are such.
 *
 * @param {ParametersPlane} plane
 * @param {NamedShape[]} shapes
 * @returns {[string, string]}
 */
export function namesOf({ names }, shapes) {
  const known = parameterEntries(shapes).flatMap(({ entries }) => entries);
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
 * @param {Pick<State, "plane" | "runs" | "selected" | "steps">} state
 * @param {NamedShape[]} shapes  of what is trained
 * @param {number} step  that is shown
 * @returns {PlaneConfig}
 */
export function planeConfig({ plane: chosen, runs, selected, steps }, shapes, step) {
  const slots = runs.map(({ slot }) => slot);
  const run = Math.max(0, slots.indexOf(selected));
  const plane = drawnPlane(chosen, shapes);
  if (plane.kind === "held") return { kind: "held", ...readNumbers(plane.numbers) };
  if (plane.kind === "pca") {
    const { kind, through, axes } = plane;
    /** @type {PlaneConfig} */
    const config = through === "selected" ? { kind, through: "final", run } : { kind, through };
    return withAxes(config, axes);
  }
  if (plane.kind === "points") {
    const stepOf = { start: 0, middle: Math.floor(steps / 2), final: -1 };
    const points = pointsOf(plane, slots).map(({ slot, at }) => ({
      run: slots.indexOf(slot),
      step: stepOf[at],
    }));
    return { kind: "points", points };
  }
  const at = { run, step: { start: 0, final: -1, step }[plane.at] };
  if (plane.kind !== "parameters") return { ...plane, at };
  return { kind: "parameters", names: namesOf(plane, shapes), at };
}

/**
 * A plane as an address has it: "eigen", or "random(seed:7)" where it is not as it begins.
 *
 * @param {Plane} plane
 * @returns {string}
 */
export function writePlane(plane) {
  if (plane.kind === "held")
    return write({ name: "held", hyperparameters: { of: plane.of, numbers: plane.numbers } });
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
  if (name === "held") return heldPlane(options);
  if (typeof name !== "string" || !Object.hasOwn(DEFAULTS, name)) throw new RangeError(`no plane ${text}`);
  const usual = /** @type {Record<string, unknown>} */ (DEFAULTS[/** @type {PlaneKind} */ (name)]);
  for (const [option, given] of Object.entries(options ?? {})) {
    const isKnown = option in usual || (option === "axes" && TURNED.includes(name));
    if (option === "kind" || !isKnown || !CHECKS[option](given)) throw new RangeError(`${option} of a plane`);
  }
  return /** @type {any} */ ({ ...usual, ...options });
}

/**
 * @param {Record<string, unknown>} options
 * @returns {HeldPlane}
 * @throws {RangeError}  if they are not those of one
 */
function heldPlane({ of, numbers, ...others }) {
  if (typeof of !== "string" || typeof numbers !== "string" || Object.keys(others).length > 0)
    throw new RangeError("no plane to hold");
  if (readPlane(of).kind === "held") throw new RangeError("what is held is no held plane");
  readNumbers(numbers);
  return { kind: "held", of, numbers };
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
  axes: (value) => Array.isArray(value) && ["1,2", "2,1"].includes(String(value.map(Math.abs))),
  trainable_only: (value) => typeof value === "boolean",
  seed: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  names: tuple(2, (name) => typeof name === "string"),
  points: tuple(3, (point) => {
    const { slot, at } = /** @type {Partial<Point>} */ (point ?? {});
    return Number.isInteger(slot) && oneOf(POINT_PLACES)(at);
  }),
};
