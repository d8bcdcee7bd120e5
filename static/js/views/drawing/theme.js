/** The design tokens as values, for what is drawn on a canvas or by Plotly. */

/**
 * @typedef {object} Theme
 * @property {string} text
 * @property {string} muted
 * @property {string} line  borders, axes
 * @property {string} panel  what the drawings lie on
 * @property {string} halo  what keeps a path apart from the surface beneath it
 * @property {string} contour
 * @property {string} positive  the sign of a weight, a gradient or a state
 * @property {string} negative
 * @property {string} warning  what lies beyond a bound
 * @property {string} font
 * @property {number} scale  of texts and lines: 1, and more on a projector
 * @property {number} fontSize
 * @property {[number, string][]} surface  the colour scale, from the lowest loss to the highest
 */

/** @type {Record<Exclude<keyof Theme, "surface" | "scale" | "fontSize">, string>} */
const TOKENS = {
  text: "--color-text",
  muted: "--color-text-muted",
  line: "--color-border",
  panel: "--color-panel",
  halo: "--color-halo",
  contour: "--color-contour",
  positive: "--weight-positive",
  negative: "--weight-negative",
  warning: "--color-danger-soft",
  font: "--font-sans",
};

const SURFACE_STOPS = 7;

/**
 * @param {Element} element  any that is in the page
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  /** @param {string} token */
  const value = (token) => style.getPropertyValue(token).trim();
  const named = Object.entries(TOKENS).map(([name, token]) => [name, value(token)]);
  const surface = Array.from({ length: SURFACE_STOPS }, (_, i) => [
    i / (SURFACE_STOPS - 1),
    value(`--surface-${i}`),
  ]);
  const scale = Number(value("--scale"));
  return { ...Object.fromEntries(named), surface, scale, fontSize: 12 * scale };
}

/**
 * What is made of the tokens, kept as long as the theme stays: to ask the browser for them while a page changes costs a
 * calculation of its styles.
 *
 * @template T
 */
export class Themed {
  #read;
  /** @type {{theme: string, value: T} | null} */
  #kept = null;

  /** @param {() => T} read */
  constructor(read) {
    this.#read = read;
  }

  /** @param {string} theme  that the page has by now */
  of(theme) {
    if (this.#kept?.theme !== theme) this.#kept = { theme, value: this.#read() };
    return this.#kept.value;
  }
}
