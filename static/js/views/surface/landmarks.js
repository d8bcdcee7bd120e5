/** The minima and saddles of a test function over its surface: where they stand, and which have room for a label. */

import { exactNumber, formatTick } from "../drawing/numbers.js";

/**
 * @typedef {import("../drawing/markers.js").MarkerShape} MarkerShape
 * @typedef {import("../drawing/plotly.js").Axes} Axes
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../../state/types.js").Problem} Problem
 *
 * @typedef {object} Landmark
 * @property {"minimum" | "saddle"} kind
 * @property {[number, number]} at
 * @property {number} value
 * @property {number} x  in pixels
 * @property {number} y
 * @property {MarkerShape} shape
 * @property {string} label  empty where another one is in the way
 */

/** A label is read at a glance; the exact value is in the tooltip. */
const LABEL_DIGITS = 3;

/** Of a label, in pixels: about what a digit takes, its height, and how far its foot is above the middle of the mark. */
const DIGIT = 6.4;
const LABEL = { height: 12, above: 9, gap: 3 };

/** How near the pointer must come to a mark to mean it, in pixels. */
const REACH = 8;

/**
 * The marks within the axes; the lowest minima are labelled first.
 *
 * @param {Pick<Problem, "kind" | "minima" | "saddles"> | undefined} problem
 * @param {Axes} axes
 * @returns {Landmark[]}
 */
export function landmarksOf(problem, { x, y, width, height }) {
  if (problem?.kind !== "function") return [];
  /**
   * @param {{at: [number, number], value: number}[] | undefined} points
   * @param {Landmark["kind"]} kind
   * @param {MarkerShape} shape
   * @returns {Landmark[]}
   */
  const placed = (points, kind, shape) =>
    (points ?? []).map(({ at, value }) => ({
      kind,
      at,
      value,
      x: ((at[0] - x[0]) / (x[1] - x[0])) * width,
      y: ((y[1] - at[1]) / (y[1] - y[0])) * height,
      shape,
      label: formatTick(Number(value.toPrecision(LABEL_DIGITS))),
    }));
  const minima = placed(problem.minima, "minimum", "star").sort((a, b) => a.value - b.value);
  const all = [...minima, ...placed(problem.saddles, "saddle", "cross")];
  return withRoom(all.filter((mark) => mark.x >= 0 && mark.y >= 0 && mark.x <= width && mark.y <= height));
}

/**
 * @param {Landmark[]} landmarks  the most important ones first
 * @returns {Landmark[]}  the same, without the labels that would cover one before
 */
function withRoom(landmarks) {
  /** @type {Landmark[]} */
  const labelled = [];
  return landmarks.map((mark) => {
    if (labelled.some((other) => touches(mark, other))) return { ...mark, label: "" };
    labelled.push(mark);
    return mark;
  });
}

/**
 * Whether the label of one mark would cover that of another.
 *
 * @param {Landmark} a
 * @param {Landmark} b
 */
function touches(a, b) {
  const across = ((a.label.length + b.label.length) * DIGIT) / 2 + LABEL.gap;
  return Math.abs(a.x - b.x) < across && Math.abs(a.y - b.y) < LABEL.height;
}

/**
 * @param {Landmark[]} landmarks
 * @param {number} x  in pixels
 * @param {number} y
 * @returns {Landmark | null}  the mark that is meant
 */
export function landmarkAt(landmarks, x, y) {
  const distance = (/** @type {Landmark} */ mark) => Math.hypot(mark.x - x, mark.y - y);
  const [nearest] = [...landmarks].sort((a, b) => distance(a) - distance(b));
  return nearest !== undefined && distance(nearest) <= REACH ? nearest : null;
}

/**
 * @param {Landmark} landmark
 * @param {Context["t"]} t
 * @returns {{title: string, rows: import("../drawing/tooltip.js").Row[]}}
 */
export function describeLandmark({ kind, at, value }, t) {
  const [first, second] = at.map((part) => exactNumber(part, false));
  const rows = [
    { label: "x", value: first },
    { label: "y", value: second },
    { label: t("views.surface.loss"), value: exactNumber(value, false) },
  ];
  return { title: t(`views.surface.landmarks.${kind}`), rows };
}
