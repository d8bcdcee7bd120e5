/** The loss around the parameters, as the script computed it at some steps: a picture of each, with the step over it. */

import { colorMap } from "../drawing/color-scale.js";
import { create, setText, svg } from "../drawing/dom.js";
import { formatNumber } from "../drawing/numbers.js";
import { shadeOf } from "../drawing/palette.js";

/**
 * @typedef {import("../../state/loops/record.js").Surface} Surface
 * @typedef {import("../drawing/palette.js").Palette} Palette
 */

/** Pictures at once: the last ones. */
const MOST = 12;

export class Surfaces {
  #title = create("h3", { class: "loop-chart-title" });
  #aside = create("span", { class: "loop-chart-aside" });
  #grid = create("div", { class: "loop-surfaces" });
  #onMark;
  #drawn = "";

  /** @param {(step: number) => void} onMark  a step is to be marked */
  constructor(onMark) {
    this.#onMark = onMark;
    this.element = create(
      "section",
      { class: "loop-layers" },
      create("header", { class: "loop-chart-head" }, this.#title, this.#aside),
      this.#grid,
    );
  }

  /**
   * @param {Surface[]} surfaces
   * @param {unknown} plane  that they lie in
   * @param {Palette} palette
   * @param {import("../../languages/translator.js").Translator["t"]} t
   */
  update(surfaces, plane, palette, t) {
    this.element.hidden = surfaces.length === 0;
    setText(this.#title, t("views.loops.surface", { count: surfaces.length }));
    setText(this.#aside, plane === "random" || plane === "update" ? t(`views.loops.surfaceOf.${plane}`) : "");
    const shown = surfaces.slice(-MOST);
    const drawn = JSON.stringify([
      shown.map(({ step }) => step),
      palette.shades[0],
      t("views.loops.unknown"),
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#grid.replaceChildren(...shown.map((surface) => this.#picture(surface, palette, t)));
  }

  /**
   * @param {Surface} surface
   * @param {Palette} palette
   * @param {import("../../languages/translator.js").Translator["t"]} t
   */
  #picture({ step, x, y, z, path }, palette, t) {
    const canvas = create("canvas", { width: x.length, height: y.length, "aria-hidden": "true" });
    const pixels = surfacePixels({ columns: x.length, rows: y.length, z }, palette);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), x.length, y.length), 0, 0);
    const [low, high] = extentOf(z).map((loss) => formatNumber(loss, 3));
    const button = create(
      "button",
      { class: "loop-surface", type: "button" },
      create("span", { class: "loop-surface-picture" }, canvas, arrowOf(x, y, path)),
      create("span", {}, `${t("views.loops.step", { step })} · ${low} … ${high}`),
      create("span", { class: "visually-hidden" }, t("views.loops.surfaceAt", { step, low, high })),
    );
    button.addEventListener("click", () => this.#onMark(step));
    return button;
  }
}

/** The lowest and the highest loss that is finite. @param {ArrayLike<number>} losses */
function extentOf(losses) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < losses.length; i += 1) {
    if (!Number.isFinite(losses[i])) continue;
    if (losses[i] < low) low = losses[i];
    if (losses[i] > high) high = losses[i];
  }
  return [low, high];
}

/**
 * @param {{columns: number, rows: number, z: ArrayLike<number>}} surface  rows follow y, which goes upwards
 * @param {Palette} palette
 * @returns {Uint32Array<ArrayBuffer>}  from the top
 */
export function surfacePixels({ columns, rows, z }, palette) {
  const colors = colorMap(z, "log");
  const pixels = new Uint32Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const loss = z[row * columns + column];
      const isFinite = Number.isFinite(loss) && colors !== null;
      pixels[(rows - 1 - row) * columns + column] = isFinite
        ? shadeOf(palette, colors, loss)
        : palette.diverged;
    }
  return pixels;
}

/**
 * The step of the record, from where the parameters were to where it has led.
 *
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {ArrayLike<number>} path
 */
function arrowOf(x, y, path) {
  const across = (/** @type {number} */ value) => (100 * (value - x[0])) / (x[x.length - 1] - x[0]);
  const up = (/** @type {number} */ value) => 100 - (100 * (value - y[0])) / (y[y.length - 1] - y[0]);
  const [x1, y1, x2, y2] = [across(path[0]), up(path[1]), across(path[2]), up(path[3])];
  const line = [x1, y1, x2, y2].every(Number.isFinite);
  return svg(
    "svg",
    { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
    line ? svg("line", { x1, y1, x2, y2 }) : null,
    line ? svg("circle", { cx: x2, cy: y2, r: 3 }) : null,
  );
}
