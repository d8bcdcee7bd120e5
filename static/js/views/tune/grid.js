/**
 * The cells of a map: which of them are between, beside and nearest to others.
 */

/**
 * @typedef {{column: number, row: number}} Cell  the first row is at the bottom
 * @typedef {{from: Cell, to: Cell}} Box  two corners, both within
 * @typedef {[number, number][][]} Lines  in cells from the left and the bottom
 */

/**
 * @param {Box} box
 * @returns {Cell[]}
 */
export function cellsIn({ from, to }) {
  const between = (/** @type {number} */ a, /** @type {number} */ b) =>
    Array.from({ length: Math.abs(b - a) + 1 }, (_, i) => Math.min(a, b) + i);
  return between(from.row, to.row).flatMap((row) =>
    between(from.column, to.column).map((column) => ({ column, row })),
  );
}

/** @param {Cell} a @param {Cell} b */
export function same(a, b) {
  return a.column === b.column && a.row === b.row;
}

/**
 * The nearest cell that there is.
 *
 * @param {Cell} cell
 * @param {{columns: number, rows: number}} map
 * @returns {Cell}
 */
export function within({ column, row }, { columns, rows }) {
  return {
    column: Math.max(0, Math.min(columns - 1, column)),
    row: Math.max(0, Math.min(rows - 1, row)),
  };
}

/** @type {Record<string, [number, number]>} */
export const WAYS = { left: [-1, 0], right: [1, 0], up: [0, 1], down: [0, -1] };

/**
 * @param {string} act  where to
 * @param {Cell} at
 * @param {{columns: number, rows: number, lines: Lines, seek?: {borders: (row: number) => number[]}}} map
 * @returns {Cell}
 */
export function moved(act, { column, row }, { columns, rows, ...lined }) {
  if (act === "border") {
    const borders = bordersOf(row, lined);
    return { column: borders.find((border) => border > column) ?? borders[0] ?? column, row };
  }
  if (act === "first") return { column: 0, row };
  if (act === "last") return { column: columns - 1, row };
  const [across, up] = WAYS[act];
  return within({ column: column + across, row: row + up }, { columns, rows });
}

/**
 * The cells of a row that lie before a border, from the left.
 *
 * @param {number} row
 * @param {{lines: Lines, seek?: {borders: (row: number) => number[]}}} map
 */
export function bordersOf(row, { lines, seek }) {
  if (seek !== undefined) return seek.borders(row);
  return lines
    .filter(([[x, y], [x2]]) => x === x2 && y === row)
    .map(([[x]]) => x - 1)
    .sort((a, b) => a - b);
}
