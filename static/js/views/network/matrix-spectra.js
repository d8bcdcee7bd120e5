/** The singular values of each matrix in a step: from the gradient to the update, and of the weight after it. */

import { create, setText, svg } from "../drawing/dom.js";
import { formatNumber } from "../drawing/numbers.js";

/**
 * @typedef {import("../../wire.d.ts").SpectrumDocument} Spectrum
 * @typedef {import("../../wire.d.ts").SpectrumStage} Stage
 * @typedef {import("../types.js").Context} Context
 */

const WIDTH = 240;
const HEIGHT = 16;
const RADIUS = 3.5;
/** Up to where the singular values of iterates are drawn: they end around 1. */
const MOST = 1.5;

export class MatrixSpectra {
  #ctx;
  #title = create("h4");
  #note = create("p", { class: "spectra-note" });
  #body = create("div", { class: "spectra-body" });
  /** @type {readonly Spectrum[] | null} */
  #shown = null;
  #of = "";

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    this.element = create("section", { class: "spectra" }, this.#title, this.#note, this.#body);
  }

  /**
   * Until those of the step are known, the last ones of the same run stay, pale.
   *
   * @param {readonly Spectrum[] | null} spectra  of the step; null while they are not known
   * @param {string} of  the run and its optimizer
   */
  show(spectra, of) {
    const { t } = this.#ctx;
    if (of !== this.#of) {
      this.#of = of;
      this.#shown = null;
      this.#body.replaceChildren();
    }
    setText(this.#title, t("views.network.spectra.title"));
    setText(this.#note, t(`views.network.spectra.${spectra === null ? "atRest" : "note"}`));
    this.element.classList.toggle("is-old", spectra === null);
    if (spectra === null || spectra === this.#shown) return;
    this.#shown = spectra;
    this.#body.replaceChildren(...spectra.map((one) => this.#figure(one)));
  }

  /** @param {Spectrum} spectrum */
  #figure({ parameter, stages, cosines }) {
    const { t } = this.#ctx;
    const [sgd, adam] = ["SGD", "Adam"].map((name) => formatNumber(Number(cosines[name]), 3));
    const rows = stages.map((stage) => {
      const values = stage.values.map(Number);
      const name = this.#nameOf(stage);
      const largest = formatNumber(values[0], 3);
      const told = t("views.network.spectra.values", {
        name,
        values: values.map((value) => formatNumber(value, 3)),
      });
      return create(
        "div",
        { class: "spectrum-row", "data-hint": told },
        create("span", { class: stage.of === "state" ? "code" : null }, name),
        strip(values, stage.of === "iterate" ? MOST : values[0], told),
        create("span", { class: "spectrum-largest" }, largest),
      );
    });
    return create(
      "figure",
      { class: "spectrum" },
      create("figcaption", {}, parameter),
      ...rows,
      create("p", { class: "spectra-note" }, t("views.network.spectra.cosines", { sgd, adam })),
    );
  }

  /** @param {Stage} stage */
  #nameOf({ of, key, iteration }) {
    return of === "state" ? key : this.#ctx.t(`views.network.spectra.${of}`, { iteration: iteration ?? 0 });
  }
}

/**
 * Singular values as dots, from 0 at the left; beyond the end they lie on it.
 *
 * @param {number[]} values
 * @param {number} most  what the right end is
 * @param {string} label
 */
function strip(values, most, label) {
  const places = placesOf(values, most);
  return svg(
    "svg",
    { class: "spectrum-strip", role: "img", "aria-label": label, viewBox: `0 0 ${WIDTH} ${HEIGHT}` },
    svg("line", { x1: 0, y1: HEIGHT / 2, x2: WIDTH, y2: HEIGHT / 2 }),
    most === MOST ? svg("line", { x1: WIDTH / MOST, y1: 1, x2: WIDTH / MOST, y2: HEIGHT - 1 }) : null,
    ...places.map((cx) => svg("circle", { cx: cx.toFixed(1), cy: HEIGHT / 2, r: RADIUS })),
  );
}

/**
 * @param {number[]} values
 * @param {number} most
 * @returns {number[]}  of those that are numbers, within the strip
 */
export function placesOf(values, most) {
  const span = WIDTH - 2 * RADIUS;
  return values
    .filter(Number.isFinite)
    .map((value) => RADIUS + span * (most > 0 ? Math.min(1, value / most) : 0));
}
