/**
 * Gradient noise against batch size, at the step of the clock: how far the gradient of a minibatch is from that of all
 * samples, and how often it points elsewhere.
 */

import { describeRefusal } from "../../api/trouble.js";
import { create, setText, svg } from "../drawing/dom.js";
import { whyEmpty } from "../drawing/empty.js";
import { markerPath } from "../drawing/markers.js";
import { formatNumber } from "../drawing/numbers.js";
import { parametersOf } from "../drawing/parameters.js";
import { resized } from "../drawing/resized.js";
import { NoiseChart } from "./noise-chart.js";
import { cosineChart, spreadChart } from "./noise-figure.js";
import { NoiseSource } from "./noise-source.js";
import { factsOf, methodOf, ownOf, verdictOf } from "./noise-words.js";

/**
 * @typedef {import("./noise-figure.js").Noise} Noise
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").View} View
 */

const COLUMNS = /** @type {const} */ (["size", "spread", "cosine", "middle", "of"]);

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  return resized(element, new NoiseView(element, ctx));
}

class NoiseView {
  #ctx;
  #element;
  #source;
  #verdict = create("p", { class: "noise-verdict" });
  #own = create("p", { class: "noise-own" });
  #facts = create("dl", { class: "noise-facts" });
  #spread = new NoiseChart();
  #cosine = new NoiseChart();
  #head = create("thead");
  #body = create("tbody");
  #method = create("ul", { class: "noise-method" });
  #measured = create("div", { class: "noise-measured" });
  /** @type {Data | null} */
  #data = null;
  #step = 0;

  /**
   * @param {HTMLElement} element
   * @param {Context} ctx
   */
  constructor(element, ctx) {
    this.#ctx = ctx;
    this.#element = element;
    this.#step = ctx.player.step;
    this.#source = new NoiseSource(ctx.api.gradientNoise, () => this.redraw());
    this.#measured.append(
      this.#facts,
      this.#spread.element,
      this.#cosine.element,
      create("table", { class: "parameter-table noise-table" }, this.#head, this.#body),
      this.#method,
    );
    element.classList.add("noise");
    element.tabIndex = 0; // it scrolls, and holds nothing else that takes the focus
    element.append(create("div", { class: "noise-words" }, this.#verdict, this.#own), this.#measured);
  }

  /** @param {Data} data */
  update(data) {
    this.#data = data;
    this.redraw();
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    if (this.#element.clientWidth > 0) this.redraw();
  }

  rest() {
    this.#source.rest();
  }

  redraw() {
    const data = this.#data;
    if (data === null) return;
    if (this.#element.clientWidth === 0) return this.rest();
    const run = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
    const why = whyEmpty(run, this.#ctx);
    if (why === "" && run.history !== null) this.#source.want(run, run.history.clamp(this.#step));
    const { answer, stale, error } = this.#source.known();
    this.#element.classList.toggle("is-stale", stale && error === null);
    this.#measured.hidden = why !== "" || (answer?.noise ?? null) === null;
    if (why !== "") return this.#say(why);
    if (error !== null) return this.#say(describeRefusal(error, this.#ctx));
    if (answer === null) return this.#say(this.#ctx.t("views.noise.waiting"));
    if (answer.noise === null) return this.#say(answer.none === null ? "" : this.#ctx.say(answer.none));
    this.#show(run, answer.noise);
  }

  /**
   * @param {string} verdict
   * @param {string} [own]
   */
  #say(verdict, own = "") {
    setText(this.#verdict, verdict);
    setText(this.#own, own);
  }

  /**
   * @param {Run} run
   * @param {Noise} noise
   */
  #show(run, noise) {
    const { t } = this.#ctx;
    const words = (/** @type {import("./noise-words.js").Message} */ { key, params }) =>
      t(`views.noise.${key}`, params);
    const own = ownOf(noise);
    this.#say(words(verdictOf(noise)), own === null ? "" : words(own));
    const all = parametersOf(run);
    const shown = JSON.stringify([noise, run.color, all, t("views.noise.tab"), this.#spread.size]);
    if (this.#measured.dataset.shown === shown) return;
    this.#measured.dataset.shown = shown;
    this.#facts.replaceChildren(
      ...factsOf(noise).map(({ key, value }) =>
        create("div", {}, create("dt", {}, t(`views.noise.facts.${key}`)), create("dd", {}, value)),
      ),
    );
    this.#draw(run, noise);
    this.#tabulate(noise);
    const method = methodOf(noise, all).map(({ key, params }) => t(`views.noise.method.${key}`, params));
    this.#method.replaceChildren(...method.map((sentence) => create("li", {}, sentence)));
  }

  /**
   * @param {Run} run
   * @param {Noise} noise
   */
  #draw(run, noise) {
    const { t } = this.#ctx;
    const wordsOf = (/** @type {"spread" | "cosine"} */ chart) => ({
      title: t(`views.noise.charts.${chart}`),
      aside: t(`views.noise.asides.${chart}`),
      label: t(`views.noise.labels.${chart}`),
    });
    const dots = (
      /** @type {import("./noise-figure.js").Chart} */ { x, y },
      /** @type {"spread" | "cosine"} */ key,
    ) =>
      noise.sizes.flatMap((at) => {
        const [left, top] = [x(at.size), y(at[key])];
        if (!Number.isFinite(left) || !Number.isFinite(top)) return [];
        return [svg("path", { d: markerPath(run.marker, 3), fill: run.color, transform: `translate(${left}, ${top})` })]; // prettier-ignore
      });
    const line = (/** @type {string} */ d) => svg("path", { class: "noise-line", d, stroke: run.color });
    const spread = spreadChart(noise, this.#spread.size);
    const norm = spread.norm === null ? [] : [svg("line", { class: "noise-norm", x2: this.#spread.size.width, y1: spread.norm, y2: spread.norm })]; // prettier-ignore
    this.#spread.draw(wordsOf("spread"), spread, noise.seen, [
      ...norm,
      line(spread.line),
      ...dots(spread, "spread"),
    ]);
    const cosine = cosineChart(noise, this.#cosine.size);
    const band = svg("path", { class: "noise-band", d: cosine.band, fill: run.color });
    this.#cosine.draw(wordsOf("cosine"), cosine, noise.seen, [
      band,
      line(cosine.line),
      ...dots(cosine, "cosine"),
    ]);
  }

  /** @param {Noise} noise */
  #tabulate({ sizes, norm, seen }) {
    const { t } = this.#ctx;
    const number = (/** @type {number} */ value) => formatNumber(value, 3);
    this.#head.replaceChildren(
      create("tr", {}, ...COLUMNS.map((column) => create("th", { scope: "col" }, t(`views.noise.columns.${column}`)))), // prettier-ignore
    );
    this.#body.replaceChildren(
      ...sizes.map(({ size, spread, cosine, range, minibatches, exact }) =>
        create(
          "tr",
          { "aria-current": size === seen ? "true" : null },
          create("th", { scope: "row" }, String(size)),
          create("td", {}, number(spread / norm)),
          create("td", {}, number(cosine)),
          create("td", {}, exact && minibatches === 1 ? "" : `${number(range[0])} … ${number(range[1])}`),
          create("td", {}, t(exact ? "views.noise.allOf" : "views.noise.drawnOf", { count: minibatches })),
        ),
      ),
    );
  }
}
