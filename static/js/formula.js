/**
 * The formulas of the catalog, which are MathML.
 */

/** What stands between two statements: a comma and a wide space. */
const BREAK = /<mo>(?:&#x0002C;|,)<\/mo><mspace width="1em" ?\/>/;
const WHOLE = /^(<math\b[^>]*>)<mrow>(.*)<\/mrow><\/math>$/s;

/**
 * A formula with a line for each of its statements, where they are not within anything else.
 *
 * @param {string} markup  one `<math>`
 * @returns {string}  as many as there are lines
 */
export function formulaLines(markup) {
  const [, open, inner] = WHOLE.exec(markup) ?? [];
  const parts = inner === undefined ? [] : inner.split(BREAK);
  if (parts.length < 2 || !parts.every(isBalanced)) return markup;
  return parts.map((part) => `${open}<mrow>${part}</mrow></math>`).join("");
}

/**
 * Whether every element that a piece of markup opens is closed in it, and the other way round.
 *
 * @param {string} markup
 */
function isBalanced(markup) {
  let depth = 0;
  for (const [, slash, selfClosing] of markup.matchAll(/<(\/?)[a-z]+[^>]*?(\/?)>/g)) {
    if (selfClosing === "/") continue;
    depth += slash === "/" ? -1 : 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

const ELEMENTS =
  "ath|i|n|o|text|space|row|frac|sqrt|root|style|padded|phantom|sub|sup|subsup|under|over|underover|multiscripts|table|tr|td";

/** Nothing but text and elements that show mathematics, with no attribute that does or fetches anything. */
const MATHML = new RegExp(`^(?:[^<]|</?m(?:${ELEMENTS})(?: (?!on|href|src|style)[a-z]+="[^"<]*")* ?/?>)*$`);

/** What may become HTML, as browsers with Trusted Types ask it. */
const POLICY = {
  /** @param {string} markup */
  createHTML(markup) {
    if (MATHML.test(markup)) return markup;
    throw new TypeError("a formula is MathML");
  },
};

/** @type {Map<string, string>} */
const trusted = new Map();

/** @type {typeof POLICY | undefined} */
let policy;

/**
 * MathML as what may become HTML; the same each time, so that what is shown stays.
 *
 * @param {string} markup
 */
export function trustedFormula(markup) {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  policy ??= /** @type {typeof POLICY} */ (
    trustedTypes?.createPolicy("optiscope-formulas", POLICY) ?? POLICY
  );
  const known = trusted.get(markup) ?? policy.createHTML(markup);
  trusted.set(markup, known);
  return known;
}
