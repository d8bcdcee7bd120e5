/** What stands beneath a picture: the problem, the step, and each run with its line and its mark. Also how files are called. */

/**
 * @typedef {import("../views/types.js").MarkerShape} MarkerShape
 * @typedef {{label: string, color: string, dash: number[], marker: MarkerShape}} Shown  a run
 *
 * @typedef {object} Caption
 * @property {string} title  what the picture is of
 * @property {Shown[]} runs
 *
 * @typedef {object} Item
 * @property {number} x
 * @property {number} y  of the middle of its line
 * @property {string} text
 * @property {Shown | null} run  null: the title
 */

/** Pixels: of a line, of the sign of a run, between a sign and its text, and between runs. */
export const LINE = 20;
export const SIGN = 28;
const GAP = 6;
const BETWEEN = 16;

/**
 * Where the words of a caption stand: the title first, then the runs, as many on a line as there is room for.
 *
 * @param {Caption} caption
 * @param {number} width
 * @param {(text: string) => number} measure
 * @returns {{height: number, items: Item[]}}
 */
export function layOut({ title, runs }, width, measure) {
  /** @type {Item[]} */
  const items = [];
  let y = LINE / 2;
  for (const line of broken(title, width, measure)) {
    items.push({ x: 0, y, text: line, run: null });
    y += LINE;
  }
  let x = 0;
  for (const run of runs) {
    const wide = SIGN + GAP + measure(run.label);
    if (x > 0 && x + wide > width) {
      x = 0;
      y += LINE;
    }
    items.push({ x, y, text: run.label, run });
    x += wide + BETWEEN;
  }
  return { height: y + (runs.length > 0 ? LINE / 2 : -LINE / 2), items };
}

/** From the sign of a run to its text. */
export const TEXT_AT = SIGN + GAP;

/**
 * @param {string} text
 * @param {number} width
 * @param {(text: string) => number} measure
 * @returns {string[]}  lines; what has no room is broken at spaces
 */
function broken(text, width, measure) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/**
 * The name of a file: the same for the same thing, of letters that every system takes.
 *
 * @param {(string | number)[]} parts
 * @param {string} suffix
 */
export function fileName(parts, suffix) {
  const plain = parts
    .map((part) =>
      String(part)
        .normalize("NFKD")
        .replace(/[^\w.-]+/g, "-")
        .replace(/^[-.]+|[-.]+$/g, ""),
    )
    .filter((part) => part !== "");
  return `${["optiscope", ...plain].join("-").toLowerCase().slice(0, 120)}.${suffix}`;
}
