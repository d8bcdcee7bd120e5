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
 * @param {(column: number, row: number) => boolean} isThere
 * @returns {Int32Array}  [rows, columns], indices of the same; -1 where there is nothing yet
 */
export function sourcesOf({ columns, rows }, isThere) {
  const [across, up] = [meshOf(columns), meshOf(rows)];
  const sources = new Int32Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      let source = -1;
      for (let mesh = 1; mesh <= Math.max(across, up); mesh *= 2) {
        const c = column - (column % Math.min(mesh, across));
        const r = row - (row % Math.min(mesh, up));
        if (!isThere(c, r)) continue;
        source = r * columns + c;
        break;
      }
      sources[row * columns + column] = source;
    }
  return sources;
}

/**
 * For each cell of a sweep of one run over two axes the member whose number stands there.
 *
 * @param {Cells} cells
 * @returns {Int32Array}  [rows, columns]; -1 where there is nothing yet
 */
export function membersShown(cells) {
  const [columns, rows] = cells.started.axes.map(({ values }) => values.length);
  const memberOf = (/** @type {number} */ column, /** @type {number} */ row) => column * rows + row;
  const members = new Int32Array(columns * rows).map((_, at) =>
    memberOf(at % columns, Math.floor(at / columns)),
  );
  if (cells.isWhole) return members;
  const sources = sourcesOf({ columns, rows }, (column, row) => cells.isKnown(memberOf(column, row)));
  return sources.map((source) => (source < 0 ? -1 : members[source]));
}
