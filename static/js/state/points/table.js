/**
 * A text of comma-separated values as points and labels, or values: the same rules as `optiscope.points_from_csv`.
 */

/**
 * @typedef {"mse_loss" | "binary_cross_entropy_with_logits"} Loss
 *
 * @typedef {object} Table  what a text says
 * @property {string[]} features  the names of the columns of x
 * @property {string} label  the name of the column of y
 * @property {[string, string] | null} classes  what stands for 0 and for 1; null of values
 * @property {number[][]} x
 * @property {number[]} y
 * @property {Loss} loss
 *
 * @typedef {{code: string, params: Record<string, string | number>}} Wrong  a cell, row or column at fault; rows are
 *   lines from 1
 * @typedef {{row: number, cells: string[]}} Row
 */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;
const DELIMITERS = ["\t", ";", ","];
const LEAST_POINTS = 2;
const MOST_TOLD = 8;

/** What keeps a text from being a table of points. */
export class PointsError extends Error {
  /** @param {Wrong[]} wrong */
  constructor(wrong) {
    super(wrong.map(({ code }) => code).join());
    this.wrong = wrong;
  }
}

/**
 * @param {string} text
 * @param {string | null} [label]  the column of labels; the last one, unless given
 * @param {Loss | null} [loss]  as the column says, unless given
 * @returns {Table}
 * @throws {PointsError}
 */
export function readTable(text, label = null, loss = null) {
  const lines = rowsOf(text.replace(/^\ufeff/, ""));
  if (lines.length > 1 && !lines.some(hasNumber)) throw new PointsError([{ code: "no_numbers", params: {} }]);
  const { names, rows } = named(lines);
  const place = placeOf(names, label);
  refuse(rows.flatMap((row) => uneven(row, names.length)));
  if (rows.length < LEAST_POINTS)
    throw new PointsError([{ code: "few_points", params: { count: rows.length } }]);
  const labels = rows.map(({ cells }) => cells[place]);
  const ofNumbers = loss === "mse_loss" || 2 * labels.filter(isNumber).length >= labels.length;
  const words = ofNumbers ? -1 : place;
  refuse(
    rows.flatMap(({ row, cells }) => cells.flatMap((cell, i) => wrongIn(row, names[i], cell, i === words))),
  );
  const classes = classesOf(labels, names[place], loss, ofNumbers);
  return {
    features: names.filter((_, i) => i !== place),
    label: names[place],
    classes: classes && [labels[classes.indexOf(0)], labels[classes.indexOf(1)]],
    x: rows.map(({ cells }) => cells.filter((_, i) => i !== place).map(Number)),
    y: classes ?? labels.map(Number),
    loss: classes ? "binary_cross_entropy_with_logits" : "mse_loss",
  };
}

/**
 * Whether a text may be a table of points at all: prose is not.
 *
 * @param {string} text
 */
export function mayBeTable(text) {
  try {
    return rowsOf(text.replace(/^\ufeff/, "")).some(hasNumber);
  } catch {
    return true; // a quotation mark has no other, which is told in its row
  }
}

/** @param {Row} row  one with a decimal comma has one, too */
function hasNumber({ cells }) {
  return cells.some((cell) => NUMBER.test(cell) || DECIMAL_COMMA.test(cell));
}

/**
 * The names of the columns of a text, as far as it can be read.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function columnsOf(text) {
  try {
    return named(rowsOf(text.replace(/^\ufeff/, ""))).names;
  } catch {
    return [];
  }
}

/**
 * The lines that are not empty.
 *
 * @param {string} text
 * @returns {Row[]}
 */
function rowsOf(text) {
  const first = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== "") ?? "";
  const outside = first.replace(/"[^"]*"/g, "");
  const delimiter = DELIMITERS.find((sign) => outside.includes(sign)) ?? ",";
  /** @type {Row[]} */
  const rows = [];
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^${delimiter}\\r\\n]*))(${delimiter}|\\r\\n|\\n|\\r|$)`,
    "y",
  );
  let [line, begin, at] = [1, 0, 0];
  /** @type {string[]} */
  let cells = [];
  while (at < text.length) {
    cell.lastIndex = at;
    const found = text[at] === '"' ? quoted(cell, text) : cell.exec(text);
    if (found === null) throw new PointsError([{ code: "quote", params: { row: line } }]);
    cells.push((found[1]?.replace(/""/g, '"') ?? found[2]).trim());
    at = cell.lastIndex;
    if (found[3] === delimiter && at < text.length) continue;
    if (found[3] === delimiter) cells.push("");
    if (cells.some((one) => one !== "")) rows.push({ row: line, cells });
    line += text.slice(begin, at).match(/\r\n|\n|\r/g)?.length ?? 0;
    [begin, cells] = [at, []];
  }
  return rows;
}

/**
 * @param {RegExp} cell
 * @param {string} text
 * @returns {RegExpExecArray | null}  null where the mark has no other, or something follows it
 */
function quoted(cell, text) {
  const found = cell.exec(text);
  return found?.[1] === undefined ? null : found;
}

/** @param {Row[]} rows  @returns {{names: string[], rows: Row[]}}  columns without names are numbered */
function named(rows) {
  if (rows.length === 0) throw new PointsError([{ code: "few_points", params: { count: 0 } }]);
  const [{ cells: first }, ...rest] = rows;
  if (first.length < 2) throw new PointsError([{ code: "one_column", params: {} }]);
  const isNamed = !first.some(isNumber);
  const names = first.map((name, i) => (isNamed && name !== "" ? name : String(i + 1)));
  return { names, rows: isNamed ? rest : rows };
}

/**
 * @param {string[]} names
 * @param {string | null} label
 */
function placeOf(names, label) {
  if (label === null) return names.length - 1;
  const place = names.indexOf(label);
  if (place === -1)
    throw new PointsError([{ code: "no_column", params: { column: label, known: names.join(", ") } }]);
  return place;
}

/**
 * @param {Row} row
 * @param {number} expected
 * @returns {Wrong[]}
 */
function uneven({ row, cells }, expected) {
  const count = cells.length;
  return count === expected ? [] : [{ code: "cells", params: { row, count, expected } }];
}

/** @param {Wrong[]} wrong */
function refuse(wrong) {
  if (wrong.length > 0) throw new PointsError(wrong.slice(0, MOST_TOLD));
}

/** @param {string} cell */
function isNumber(cell) {
  return NUMBER.test(cell);
}

/**
 * @param {number} row
 * @param {string} column
 * @param {string} cell
 * @param {boolean} isWord  which may be anything
 * @returns {Wrong[]}
 */
function wrongIn(row, column, cell, isWord) {
  if (cell === "") return [{ code: "empty", params: { row, column } }];
  if (isWord) return [];
  const params = { row, column, text: cell };
  if (DECIMAL_COMMA.test(cell)) return [{ code: "decimal_comma", params }];
  if (!isNumber(cell)) return [{ code: "not_a_number", params }];
  return Number.isFinite(Number(cell)) ? [] : [{ code: "not_finite", params }];
}

/**
 * @param {string[]} labels
 * @param {string} column
 * @param {Loss | null} loss
 * @param {boolean} ofNumbers
 * @returns {number[] | null}  0 or 1 for each point; null where they are values
 */
function classesOf(labels, column, loss, ofNumbers) {
  /** @type {(string | number)[]} */
  const values = ofNumbers ? labels.map(Number) : labels;
  const different = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
  if (loss === "mse_loss" || (loss === null && ofNumbers && different.length !== 2)) return null;
  if (different.length !== 2)
    throw new PointsError([{ code: "classes", params: { column, count: different.length } }]);
  return values.map((value) => different.indexOf(value));
}
