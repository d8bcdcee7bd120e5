/**
 * JSON Lines as a person reads them: an event a paragraph, and what is long shortened, with how much was left out.
 */

const MOST_LINES = 12;
/** Of the lines at the end, which say how it ended. */
const LAST_LINES = 2;
const MOST_ITEMS = 6;
const MOST_CHARACTERS = 60;
const WIDEST = 100;

/**
 * @param {string} text  JSON Lines
 * @returns {{head: string, body: string}}  what was done to them, and they themselves
 */
export function readable(text) {
  const lines = text.split("\n").filter((line) => line !== "");
  const isLong = lines.length > MOST_LINES;
  const first = isLong ? lines.slice(0, MOST_LINES - LAST_LINES) : lines;
  const last = isLong ? lines.slice(-LAST_LINES) : [];
  const gap = isLong ? [`… ${lines.length - MOST_LINES} more lines …`] : [];
  return {
    head: `${lines.length} lines, an event each. What is long is shortened here, and … says by how much; curl gets all of it.`,
    body: [...first.map(paragraph), ...gap, ...last.map(paragraph)].join("\n\n"),
  };
}

/** @param {string} line */
function paragraph(line) {
  try {
    return written(JSON.parse(line), "");
  } catch {
    return shortened(line); // of a stream that was cut short
  }
}

/**
 * @param {any} value
 * @param {string} indent
 * @returns {string}  on one line, if there is room
 */
function written(value, indent) {
  if (typeof value === "string") return JSON.stringify(shortened(value));
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? items(value, inner)
    : Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}: ${written(part, inner)}`);
  const short = `${open}${parts.join(", ")}${close}`;
  if (!short.includes("\n") && indent.length + short.length <= WIDEST) return short;
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

/**
 * @param {any[]} values
 * @param {string} indent
 */
function items(values, indent) {
  const shown = values.slice(0, MOST_ITEMS).map((value) => written(value, indent));
  return values.length > MOST_ITEMS ? [...shown, `… ${values.length - MOST_ITEMS} more`] : shown;
}

/** @param {string} text */
function shortened(text) {
  const left = text.length - MOST_CHARACTERS;
  return left > 0 ? `${text.slice(0, MOST_CHARACTERS)}… ${left} more characters` : text;
}
