/**
 * A picture that is not whole yet: its coarse grid comes first, and fills the place of the cells between.
 */

/** @typedef {import("../../state/sweep/cells.js").Cells} Cells */

/** The most places of the coarsest grid along an axis, as the server has it. */
const PLACES = 4;

/**
 * How far apart the places of the coarsest grid are.
 *
 * @param {number} count  of places along the axis
 */
export function meshOf(count) {
  return 2 ** (32 - Math.clz32(Math.floor((count - 1) / PLACES)));
}

/**
 * For each cell the one whose number stands in its place: itself if it is there, else that of the finest coarser grid.
 *
 * @param {{columns: number, rows: number}} size
 * @param {ArrayLike<number>} there  [rows, columns], 0 where there is nothing
 * @returns {Int32Array}  [rows, columns], indices of the same; -1 where there is nothing yet
 */
export function sourcesOf({ columns, rows }, there) {
  const [across, up] = [meshOf(columns), meshOf(rows)];
  const sources = new Int32Array(columns * rows).fill(-1);
  for (let row = 0, at = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, at += 1)
      for (let mesh = 1; mesh <= across || mesh <= up; mesh *= 2) {
        const source = (row & -Math.min(mesh, up)) * columns + (column & -Math.min(mesh, across));
        if (there[source] === 0) continue;
        sources[at] = source;
        break;
      }
  return sources;
}

/**
 * For each member of a sweep of one run over two axes the one whose number stands in its cell.
 *
 * @param {Cells} cells
 * @returns {Int32Array}  -1 where there is nothing yet
 */
export function membersShown(cells) {
  const [columns, rows] = cells.started.axes.map(({ values }) => values.length);
  return sourcesOf({ columns: rows, rows: columns }, cells.known);
}
