/**
 * What a run looks like everywhere: a colour, a dash and a marker for each slot, so that runs can be told apart without
 * colour too.
 */

/**
 * @typedef {"circle" | "square" | "diamond" | "triangle" | "triangle-down" | "cross" | "plus" | "star"} Marker
 * @typedef {{color: string, dash: number[], marker: Marker}} Look  color: a design token
 */

/** @type {[number[], Marker][]} */
const LOOKS = [
  [[], "circle"],
  [[7, 3], "square"],
  [[2, 2.5], "triangle"],
  [[9, 3, 2, 3], "diamond"],
  [[5, 2], "triangle-down"],
  [[1.5, 3], "star"],
  [[12, 3], "plus"],
  [[6, 2, 2, 2, 2, 2], "cross"],
];

/**
 * @param {number} slot
 * @returns {Look}
 */
export function lookOf(slot) {
  const index = slot % LOOKS.length;
  const [dash, marker] = LOOKS[index];
  return { color: `--run-${index}`, dash, marker };
}

/** The name on the page of the selected run without what it freezes, which is seen beside it. */
export const GHOST = "ghost";

/**
 * The name of a run on the page.
 *
 * @param {number} slot
 */
export function idOf(slot) {
  return `run-${slot}`;
}

/**
 * @param {string} id
 * @returns {number}
 */
export function slotOf(id) {
  return Number(id.replace("run-", ""));
}
