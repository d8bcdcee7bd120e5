/**
 * Python as people read it: its text in pieces, each with what it is.
 */

/**
 * @typedef {"comment" | "string" | "number" | "keyword" | "plain"} TokenKind
 * @typedef {{kind: TokenKind, text: string}} Token
 */

const KEYWORDS =
  "False None True and as assert async await break class continue def del elif else except finally for from global " +
  "if import in is lambda nonlocal not or pass raise return try while with yield";

/** Each alternative is a group of its own, in the order of `KINDS`. */
const TOKEN = new RegExp(
  [
    "(#[^\\n]*)",
    "([rbfRBF]{0,2}(?:\"\"\"[^]*?\"\"\"|'''[^]*?'''|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*'))",
    "((?<![\\w.])(?:\\d[\\d_]*\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)",
    `((?<![\\w.])(?:${KEYWORDS.replaceAll(" ", "|")})(?!\\w))`,
  ].join("|"),
  "g",
);

/** @type {TokenKind[]} */
const KINDS = ["comment", "string", "number", "keyword"];

/**
 * @param {string} code
 * @returns {Token[]}  whose texts, one after the other, are the code
 */
export function tokenize(code) {
  /** @type {Token[]} */
  const tokens = [];
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ kind: "plain", text: code.slice(end, match.index) });
    tokens.push({ kind: KINDS[match.slice(1).findIndex((group) => group !== undefined)], text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) tokens.push({ kind: "plain", text: code.slice(end) });
  return tokens;
}
