/**
 * The curvature along the paths: sharpness against the optimizer's bound, all eigenvalues, condition numbers, and what
 * a quadratic would have become of the next step.
 */

import { describeRefusal } from "../../api/trouble.js";
import {
  EDGE_OF_STABILITY,
  boundLines,
  changeLines,
  conditionLine,
  curvatureOf,
  eigenvalueLines,
  sharpnessLine,
} from "./curvature-figure.js";
import { RunAnswers } from "../drawing/run-answers.js";
import {
  describeCurvature,
  describeMethod,
  nameOfSharpness,
  onlySaid,
  writtenBound,
} from "./curvature-words.js";
import { flowLines } from "./flow-figure.js";
import { describeFlow } from "./flow-words.js";
import { FLOW_DASH } from "../charts/series.js";
import { create, setText } from "../drawing/dom.js";
import { whyEmpty } from "../drawing/empty.js";
import { LineChart } from "../charts/line-chart.js";
import { parametersOf } from "../drawing/parameters.js";
import { resized } from "../drawing/resized.js";
import { readTheme } from "../drawing/theme.js";

/**
 * @typedef {import("./curvature-figure.js").Curvature} Curvature
 * @typedef {import("../charts/series.js").Line} Line
 * @typedef {import("../charts/series.js").Series} Series
 * @typedef {import("../drawing/theme.js").Theme} Theme
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").View} View
 *
 * @typedef {"bound" | "flowLoss" | "flowSwing" | "flowDistance" | "sharpness" | "eigenvalues" | "condition" | "change"} Chart
 */

/** @type {Record<Chart, {key: string, scale: Series["scale"]}>} the charts from top to bottom; key: of its scale in the state */
const CHARTS = {
  bound: { key: "sharpness", scale: "log" },
  flowLoss: { key: "flow_loss", scale: "log" },
  flowSwing: { key: "flow_swing", scale: "linear" },
  flowDistance: { key: "flow_distance", scale: "linear" },
  sharpness: { key: "sharpness", scale: "log" },
  eigenvalues: { key: "eigenvalues", scale: "symlog" },
  condition: { key: "condition", scale: "log" },
  change: { key: "change", scale: "symlog" },
};

const NAMES = /** @type {Chart[]} */ (Object.keys(CHARTS));

/** What the shade and the dashes of a chart mean. @type {Partial<Record<Chart, string>>} */
const ASIDES = {
  bound: "views.curvature.asides.bound",
  flowLoss: "views.curvature.asides.flow",
  flowSwing: "views.curvature.asides.flow",
  eigenvalues: "views.curvature.asides.eigenvalues",
  change: "views.curvature.asides.change",
};

/** Of a line that a run's own is read against. */
const REFERENCE = { dash: [4, 3], marker: /** @type {const} */ ("plus") };

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  return resized(element, new CurvatureView(element, ctx));
}

class CurvatureView {
  #ctx;
  #element;
  #source;
  #verdict = create("p", { class: "curvature-verdict" });
  #facts = create("dl", { class: "curvature-facts" });
  #switch = create("button", { class: "line-chart-toggle curvature-switch", type: "button" });
  #flow = create("ul", { class: "curvature-flow" });
  #notes = create("ul", { class: "curvature-notes" });
  #method = create("ul", { class: "curvature-notes" });
  #example = create("a", { class: "curvature-example", href: EDGE_OF_STABILITY });
  #plots;
  /** @type {LineChart[]} */
  #charts;
  /** @type {Record<Chart, Line[]>} */
  #lines = linesOf({});
  /** @type {Data | null} */
  #data = null;
  /** @type {{run: Run, curvature: Curvature} | null} of the selected run */
  #shown = null;
  #step = 0;

  /**
   * @param {HTMLElement} element
   * @param {Context} ctx
   */
  constructor(element, ctx) {
    this.#ctx = ctx;
    this.#element = element;
    this.#source = new RunAnswers(
      async (run, signal) => curvatureOf(await ctx.api.curvature(run, signal)),
      () => this.redraw(),
    );
    this.#charts = NAMES.map((chart, i) => new LineChart(this.#seriesOf(chart), ctx, i === NAMES.length - 1));
    const plots = this.#charts.map((chart) => chart.element);
    this.#plots = create("div", { class: "curvature-plots" }, ...plots);
    element.classList.add("curvature");
    this.#switch.addEventListener("click", () => {
      ctx.onScales({ central_flow: this.#data?.scales.central_flow === "on" ? "off" : "on" });
    });
    element.append(
      create(
        "div",
        { class: "curvature-words" },
        this.#verdict,
        this.#facts,
        this.#notes,
        this.#switch,
        this.#flow,
      ),
      this.#plots,
      create("div", { class: "curvature-foot" }, this.#method, this.#example),
    );
  }

  /**
   * @param {Chart} chart
   * @returns {Series}
   */
  #seriesOf(chart) {
    return {
      ...CHARTS[chart],
      title: `views.curvature.charts.${chart}`,
      params: () => ({
        what: this.#shown === null ? "" : nameOfSharpness(this.#shown.curvature, this.#ctx.t),
      }),
      aside: () => (chart in ASIDES && this.#lines[chart].length > 1 ? (ASIDES[chart] ?? null) : null),
      ...(chart === "bound" ? { note: noteOf } : {}),
      isShown: () => this.#lines[chart].length > (chart === "sharpness" ? 1 : 0),
      value: () => null,
      lines: () => this.#lines[chart],
    };
  }

  /** @param {Data} data */
  update(data) {
    this.#data = data;
    this.redraw();
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    if (!this.#isSeen()) return;
    this.#say();
    for (const chart of this.#charts) chart.setStep(step);
  }

  rest() {
    this.#source.rest();
  }

  redraw() {
    const data = this.#data;
    if (data === null) return;
    if (!this.#isSeen()) return this.rest();
    const selected = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
    const wanted = [selected, ...data.runs.filter((run) => run !== selected)];
    this.#source.want(wanted.filter((run) => !this.#isTooLarge(run)));
    const theme = readTheme(this.#element);
    this.#collect(data, selected, theme);
    this.#element.classList.toggle("is-stale", this.#shown?.run.stale ?? false);
    this.#plots.hidden = this.#shown === null;
    this.#offerFlow(data);
    list(this.#method, this.#shown === null ? [] : describeMethod(this.#shown.curvature, this.#ctx.t));
    setText(this.#example, this.#ctx.t("views.curvature.example"));
    for (const chart of this.#charts) chart.update(data, theme);
    this.setStep(this.#step);
  }

  /** @param {Run} run */
  #isTooLarge(run) {
    return parametersOf(run) > this.#ctx.limits.max_hessian_parameters;
  }

  #isSeen() {
    return this.#element.clientWidth > 0;
  }

  /**
   * @param {Data} data
   * @param {Run} selected
   * @param {Theme} theme
   */
  #collect({ runs, flow = null }, selected, theme) {
    const known = runs.flatMap((run) => {
      const { answer: curvature, stale } = this.#source.known(run);
      const isKnown = curvature !== null && !this.#isTooLarge(run);
      return isKnown ? [{ run: { ...run, stale }, curvature }] : [];
    });
    this.#shown = known.find(({ run }) => run.id === selected.id) ?? null;
    const found = this.#linesOfSelected(theme);
    const predicted = this.#linesOfFlow(flow, theme);
    this.#lines = linesOf({
      ...found,
      bound: [...(found.bound ?? []), ...predicted.sharpness],
      flowLoss: predicted.loss,
      flowSwing: predicted.swing,
      flowDistance: predicted.distance,
      sharpness: known.map(({ run, curvature }) => sharpnessLine(run, curvature)),
      condition: known.map(({ run, curvature }) => conditionLine(run, curvature)),
    });
  }

  /** @param {Data} data */
  #offerFlow({ flow, scales }) {
    const { t } = this.#ctx;
    setText(this.#switch, t("views.curvature.flow.name"));
    this.#switch.dataset.hint = t("views.curvature.flow.hint");
    this.#switch.setAttribute("aria-pressed", String(scales.central_flow === "on"));
    list(this.#flow, describeFlow(flow, this.#ctx));
  }

  /**
   * @param {import("../types.js").Flow | null} flow
   * @param {Theme} theme
   */
  #linesOfFlow(flow, theme) {
    if (this.#shown === null) return flowLines(null, null);
    const { run } = this.#shown;
    const label = this.#ctx.t("views.curvature.flow.name");
    const look = { ...run, ...REFERENCE, dash: FLOW_DASH, id: "flow", label, color: theme.text };
    return flowLines(flow, { flow: look, run: { ...run, dash: [] } });
  }

  /** @param {Theme} theme @returns {Partial<Record<Chart, Line[]>>} */
  #linesOfSelected(theme) {
    if (this.#shown === null) return {};
    const { run, curvature } = this.#shown;
    const { t } = this.#ctx;
    const reference = { ...run, ...REFERENCE, color: theme.text };
    const formula = writtenBound(curvature.stability?.formula ?? "");
    return {
      bound: boundLines(run, curvature, { ...reference, id: "bound", label: formula }),
      eigenvalues: eigenvalueLines(run, curvature, { ...reference, id: "zero", label: "0" }),
      change: changeLines(run, curvature, {
        ...reference,
        id: "model",
        label: t("views.curvature.model"),
        color: theme.muted,
      }),
    };
  }

  #say() {
    const data = this.#data;
    if (data === null) return;
    const run = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
    const { side, verdict, facts, notes } = this.#words(run);
    this.#verdict.dataset.side = side;
    setText(this.#verdict, verdict);
    this.#showFacts(facts);
    list(this.#notes, notes);
  }

  /**
   * @param {Run} run  the selected one
   * @returns {import("./curvature-words.js").Words}
   */
  #words(run) {
    const { t, limits } = this.#ctx;
    const { error } = this.#source.known(run);
    if (this.#isTooLarge(run)) {
      const most = limits.max_hessian_parameters;
      return onlySaid(t("views.curvature.large", { count: parametersOf(run), most }));
    }
    if (error !== null) return onlySaid(describeRefusal(error, this.#ctx));
    if (this.#shown === null) return onlySaid(whyEmpty(run, this.#ctx) || t("views.curvature.waiting"));
    return describeCurvature(this.#shown.curvature, this.#shown.run, this.#step, this.#ctx);
  }

  /** @param {import("./curvature-words.js").Words["facts"]} facts */
  #showFacts(facts) {
    const labels = facts.map(({ label }) => label).join("\n");
    if (this.#facts.dataset.labels !== labels) {
      this.#facts.dataset.labels = labels;
      const entries = facts.map(({ label }) => create("div", {}, create("dt", {}, label), create("dd", {})));
      this.#facts.replaceChildren(...entries);
    }
    this.#facts.querySelectorAll("dd").forEach((value, i) => setText(value, facts[i].value));
  }
}

/**
 * @param {Partial<Record<Chart, Line[]>>} lines
 * @returns {Record<Chart, Line[]>}  empty where nothing is known
 */
function linesOf(lines) {
  return /** @type {Record<Chart, Line[]>} */ (
    Object.fromEntries(NAMES.map((chart) => [chart, lines[chart] ?? []]))
  );
}

/**
 * @param {Data} data
 * @returns {import("../charts/series.js").Note | null}
 */
function noteOf({ flow }) {
  return flow?.found == null ? null : { key: "views.curvature.flow.key", whole: null };
}

/**
 * @param {HTMLElement} element
 * @param {string[]} sentences
 */
function list(element, sentences) {
  const shown = sentences.join("\n");
  if (element.dataset.shown === shown) return;
  element.dataset.shown = shown;
  element.replaceChildren(...sentences.map((sentence) => create("li", {}, sentence)));
}
