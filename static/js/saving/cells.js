/** Cells, a pixel each, as shapes of few corners: neighbours of one colour are one rectangle. */

/**
 * @typedef {object} Cells
 * @property {number} columns
 * @property {number} rows
 * @property {ArrayLike<number>} rgba  red, green, blue and alpha of each from 0 to 255, row after row from the top
 *
 * @typedef {{color: string, opacity: number, d: string}} Shape  all cells of one colour, a unit each
 */

/** Rectangles beyond which a picture of pixels is the smaller file, and opens sooner. */
export const MOST = 4000;

/**
 * @param {Cells} cells
 * @returns {Shape[] | null}  without those that are clear; null: there are too many
 */
export function shapesOf({ columns, rows, rgba }) {
  const key = (/** @type {number} */ at) =>
    rgba[at + 3] === 0 ? "" : [rgba[at], rgba[at + 1], rgba[at + 2], rgba[at + 3]].join();
  /** @type {Map<string, string[]>} */
  const shapes = new Map();
  let count = 0;
  /** @type {Map<string, Strip>} those that end in the row above */
  let open = new Map();
  const close = (/** @type {Strip} */ { color, from, to, top }, /** @type {number} */ bottom) => {
    const parts = shapes.get(color) ?? [];
    parts.push(`M${from} ${top}h${to - from}v${bottom - top}h${from - to}Z`);
    shapes.set(color, parts);
  };
  for (let row = 0; row < rows; row += 1) {
    /** @type {Map<string, Strip>} */
    const next = new Map();
    for (const strip of stripsOf((column) => key(4 * (row * columns + column)), columns)) {
      const name = `${strip.from}-${strip.to}-${strip.color}`;
      const above = open.get(name);
      open.delete(name);
      if (above === undefined && (count += 1) > MOST) return null;
      next.set(name, { ...strip, top: above?.top ?? row });
    }
    for (const strip of open.values()) close(strip, row);
    open = next;
  }
  for (const strip of open.values()) close(strip, rows);
  return [...shapes].map(([color, parts]) => {
    const [red, green, blue, alpha] = color.split(",").map(Number);
    const hex = [red, green, blue].map((value) => value.toString(16).padStart(2, "0")).join("");
    return { color: `#${hex}`, opacity: alpha / 255, d: parts.join("") };
  });
}

/** @typedef {{color: string, from: number, to: number, top: number}} Strip */

/**
 * The cells of a row, neighbours of one colour together.
 *
 * @param {(column: number) => string} colorAt  "" where it is clear
 * @param {number} columns
 * @returns {Omit<Strip, "top">[]}
 */
function stripsOf(colorAt, columns) {
  /** @type {Omit<Strip, "top">[]} */
  const strips = [];
  for (let column = 0; column < columns; column += 1) {
    const color = colorAt(column);
    const last = strips[strips.length - 1];
    if (last?.color === color && last.to === column) last.to += 1;
    else if (color !== "") strips.push({ color, from: column, to: column + 1 });
  }
  return strips;
}
