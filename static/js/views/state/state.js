/**
 * The optimizer of the selected run from within: what it keeps for a parameter, and what it makes of its gradient.
 */

import { create, setText } from "../drawing/dom.js";
import { EmptyNote } from "../drawing/empty.js";
import { HeatChart } from "../charts/heat-chart.js";
import { LineChart } from "../charts/line-chart.js";
import { glyph } from "../drawing/markers.js";
import { sizeOfShape } from "../drawing/parameters.js";
import { resized } from "../drawing/resized.js";
import { mix } from "../drawing/shade.js";
import {
  COMMON,
  MOST_LINES,
  elementsOf,
  isAveraged,
  quantitiesOf,
  rateLines,
  subjectOf,
  updateLines,
  valueLines,
} from "./state-figure.js";
import { nameOfRate } from "../../rates.js";
import { readTheme } from "../drawing/theme.js";

/**
 * @typedef {import("../charts/series.js").Line} Line
 * @typedef {import("../charts/series.js").Series} Series
 * @typedef {import("./state-figure.js").Subject} Subject
 * @typedef {import("../drawing/theme.js").Theme} Theme
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").View} View
 */

/** How far the shades of a run's colour go, towards the text and towards the panel. */
const SHADE = { strong: 0.5, pale: 0.5 };

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  return resized(element, new StateView(element, ctx));
}

class StateView {
  #ctx;
  #element;
  #parameter = create("select", { class: "select" });
  #quantity = create("select", { class: "select" });
  #parameterName = create("span", { class: "visually-hidden" });
  #quantityName = create("span", { class: "visually-hidden" });
  #meaning = create("p", { class: "state-meaning" });
  #key = create("ul", { class: "state-key" });
  #heat;
  #empty;
  /** @type {LineChart} */
  #values;
  /** @type {LineChart[]} */
  #charts;
  /** @type {Record<"values" | "rate" | "ratio" | "angle", Line[]>} */
  #lines = { values: [], rate: [], ratio: [], angle: [] };
  /** @type {Data | null} */
  #data = null;
  /** @type {Subject | null} */
  #subject = null;
  #step = 0;

  /**
   * @param {HTMLElement} element
   * @param {Context} ctx
   */
  constructor(element, ctx) {
    this.#ctx = ctx;
    this.#element = element;
    this.#heat = new HeatChart(ctx);
    this.#values = new LineChart(this.#seriesOf("values"), ctx, false);
    this.#charts = [
      this.#values,
      new LineChart(this.#seriesOf("rate"), ctx, false),
      new LineChart(this.#seriesOf("ratio"), ctx, false),
      new LineChart(this.#seriesOf("angle"), ctx, true),
    ];
    this.#values.element.classList.add("is-tall");
    element.classList.add("state");
    element.append(
      create(
        "div",
        { class: "state-head" },
        create("label", { class: "state-choice" }, this.#parameterName, this.#parameter),
        create("label", { class: "state-choice" }, this.#quantityName, this.#quantity),
      ),
      this.#meaning,
      this.#key,
      this.#heat.element,
      ...this.#charts.map((chart) => chart.element),
    );
    this.#empty = new EmptyNote(element, ctx);
    this.#parameter.addEventListener("change", () => ctx.onView({ parameter: this.#parameter.value }));
    this.#quantity.addEventListener("change", () => ctx.onView({ quantity: this.#quantity.value }));
  }

  /**
   * @param {"values" | "rate" | "ratio" | "angle"} key
   * @returns {Series}
   */
  #seriesOf(key) {
    return {
      key: `state.${key}`,
      title: `views.state.${key}`,
      params: () => ({
        parameter: this.#subject?.parameter ?? "",
        quantity: this.#subject === null ? "" : this.#shownAs(this.#subject),
        name: this.#subject?.run.ownRate ? nameOfRate(this.#subject.run.ownRate) : "",
      }),
      scale: key === "rate" || key === "ratio" ? "log" : "linear",
      axis: key === "angle" ? { domain: [0, 180], ticks: [0, 90, 180] } : undefined,
      isShown: () => key !== "values" || this.#heat.element.hidden !== false,
      aside: () => this.#asideOf(key),
      value: () => null,
      lines: () => this.#lines[key],
    };
  }

  /**
   * What the lines of a chart are that are not those of the elements.
   *
   * @param {"values" | "rate" | "ratio" | "angle"} key
   * @returns {string | null}
   */
  #asideOf(key) {
    if (this.#subject === null || key === "angle") return null;
    if (key === "values") return isAveraged(this.#subject) ? "views.state.paleAverage" : null;
    const { run, history, parameter } = this.#subject;
    if (key === "ratio") return history.names.length > 1 ? "views.state.dottedAll" : null;
    const few = sizeOfShape(history.shapes[parameter]) <= MOST_LINES;
    if (run.ownRate) return `views.state.rates.${few ? "own" : "ownQuantiles"}`;
    return `views.state.rates.${few ? "lr" : "quantiles"}`;
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
    this.#heat.setStep(step);
    for (const chart of this.#charts) chart.setStep(step);
  }

  redraw() {
    const data = this.#data;
    if (data === null || !this.#isSeen()) return;
    const subject = subjectOf(data);
    this.#subject = subject;
    const run = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
    if (this.#empty.show(run) || subject === null) return;
    const theme = readTheme(this.#element);
    this.#offer(subject);
    this.#say(subject);
    this.#draw(data, subject, theme);
    this.setStep(this.#step);
  }

  #isSeen() {
    return this.#element.clientWidth > 0;
  }

  /** @param {Subject} subject */
  #offer({ history, parameter, quantity }) {
    const { t } = this.#ctx;
    setText(this.#parameterName, t("views.state.parameter"));
    setText(this.#quantityName, t("views.state.quantity"));
    offer(this.#parameter, history.names.map((name) => [name, name]), parameter); // prettier-ignore
    const quantities = quantitiesOf(history, parameter);
    offer(this.#quantity, quantities.map((name) => [name, this.#nameOf(name)]), quantity); // prettier-ignore
  }

  /** @param {string} quantity */
  #nameOf(quantity) {
    return COMMON.includes(/** @type {any} */ (quantity))
      ? this.#ctx.t(`views.state.quantities.${quantity}`)
      : quantity;
  }

  /**
   * Of several tensors, the norm of each is shown.
   *
   * @param {Subject} subject
   */
  #shownAs({ quantity, several }) {
    return several ? `‖${quantity}[i]‖` : this.#nameOf(quantity);
  }

  /** @param {Subject} subject */
  #say({ history, parameter, quantity, size, several }) {
    const { t } = this.#ctx;
    const keys = history.stateKeys(parameter);
    const meaning = this.#data?.meanings[quantity];
    const trained = history.last === history.first || history.grad(parameter, history.last) !== null;
    const none = trained ? "views.state.noState" : "views.state.noGradient";
    const shape = history.stateShapes(parameter, quantity).at(-1)?.slice(1).join(" × ") ?? "";
    const said = several ? [t("views.state.several", { count: size, shape })] : [];
    const text = keys.length === 0 ? t(none, { parameter }) : [meaning ?? [], ...said].flat().join(" ");
    setText(this.#meaning, text);
  }

  /**
   * @param {Data} data
   * @param {Subject} subject
   * @param {Theme} theme
   */
  #draw(data, subject, theme) {
    const { run, history, parameter, size } = subject;
    /**
     * @param {string} color
     * @param {number} part
     */
    const shade = (color, part) =>
      part < 0 ? mix(color, theme.panel, -part * SHADE.pale) : mix(color, theme.text, part * SHADE.strong);
    const whole = {
      ...run,
      color: theme.muted,
      dash: [1.5, 2.5],
      marker: /** @type {const} */ ("circle"),
      label: this.#ctx.t("views.state.all"),
    };
    const isPicture = size > MOST_LINES;
    const elements = elementsOf(subject, shade);
    const single = { ...subject, size: sizeOfShape(history.shapes[parameter]), several: false };
    const ofParameter = elementsOf(single, shade);
    this.#lines = {
      values: isPicture ? [] : valueLines(subject, elements),
      rate: rateLines(subject, ofParameter, whole),
      ratio: updateLines(subject, whole, "ratio"),
      angle: updateLines(subject, whole, "angle"),
    };
    this.#heat.element.hidden = !isPicture;
    const title = this.#ctx.t("views.state.values", { quantity: this.#shownAs(subject), parameter });
    if (isPicture) this.#heat.update(subject, title, data.steps, theme);
    for (const chart of this.#charts) chart.reveal(data);
    for (const chart of this.#charts) chart.update(data, theme);
    this.#showKey(isPicture || size < 2 ? [] : elements);
  }

  /** @param {Run[]} elements */
  #showKey(elements) {
    const shown = elements.map(({ label, color }) => `${label} ${color}`).join();
    if (this.#key.dataset.shown === shown) return;
    this.#key.dataset.shown = shown;
    this.#key.replaceChildren(
      ...elements.map((element) => create("li", {}, glyph(element), create("span", {}, element.label))),
    );
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {string[][]} options  value and text
 * @param {string} chosen
 */
function offer(select, options, chosen) {
  const wanted = JSON.stringify(options);
  if (select.dataset.options !== wanted) {
    select.dataset.options = wanted;
    select.replaceChildren(...options.map(([value, text]) => create("option", { value }, text)));
  }
  if (document.activeElement !== select || select.value !== chosen) select.value = chosen;
}
