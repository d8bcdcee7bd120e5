/** What stands over a line plot: its name, what can be switched, what is to be known of it, and a way to save it. */

import { create, setText } from "../drawing/dom.js";
import { saveButton } from "../drawing/save-button.js";

/**
 * @typedef {import("./lines-figure.js").LinePlot} LinePlot
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 */

export class LineHead {
  #series;
  #ctx;
  #title = create("h3", { class: "line-chart-title" });
  #scale = create("button", { class: "line-chart-toggle", type: "button", hidden: true });
  #option = create("button", { class: "line-chart-toggle", type: "button" });
  #aside = create("span", { class: "line-chart-aside" });
  #save;
  #name = "";
  /** @type {Data | null} */
  #data = null;

  /**
   * @param {import("./series.js").Series} series
   * @param {Context} ctx
   * @param {() => void} onScale  the other scale is asked for
   */
  constructor(series, ctx, onScale) {
    this.#series = series;
    this.#ctx = ctx;
    this.#save = saveButton(ctx, series.key);
    const option = series.option === undefined ? [] : [this.#option];
    this.element = create(
      "div",
      { class: "line-chart-head" },
      ...[this.#title, this.#scale, ...option, this.#aside, this.#save.element],
    );
    this.#scale.addEventListener("click", onScale);
    this.#option.addEventListener("click", () => this.#switchOption());
  }

  /** @param {string} name */
  name(name) {
    this.#name = name;
    setText(this.#title, name);
    this.#save.name(name);
  }

  /**
   * @param {Data} data
   * @param {LinePlot} plot
   */
  update(data, plot) {
    this.#data = data;
    this.#scale.hidden = !(this.#series.key in data.scales) || plot.isNegative;
    this.#describe(plot);
    this.#offer(data);
    this.#note(data, plot);
  }

  /** @param {LinePlot} plot */
  #describe(plot) {
    const { t } = this.#ctx;
    const scale = t(`views.charts.${plot.scale === "log" ? "log" : "linear"}`);
    setText(this.#scale, scale);
    this.#scale.setAttribute("aria-label", t("views.charts.scale", { series: this.#name, scale }));
  }

  /** @param {Data} data */
  #offer({ scales }) {
    const { option } = this.#series;
    if (option === undefined) return;
    const { t } = this.#ctx;
    setText(this.#option, t(`views.charts.options.${option}.name`));
    this.#option.dataset.hint = t(`views.charts.options.${option}.hint`);
    this.#option.setAttribute("aria-pressed", String(scales[option] === "on"));
  }

  /**
   * @param {Data} data
   * @param {LinePlot} plot
   */
  #note(data, { curves }) {
    const { t } = this.#ctx;
    const aside = this.#series.aside?.(data) ?? null;
    const isBanded = curves.some(({ band }) => band !== null);
    const note = this.#series.note?.(data) ?? null;
    const said = [
      ...(aside === null ? [] : [t(aside, this.#series.params?.(data))]),
      ...(isBanded ? [t("views.charts.band")] : []),
      ...(note === null ? [] : [t(note.key)]),
    ];
    setText(this.#aside, said.join(t("views.charts.and")));
    const whole = note?.whole ?? (isBanded ? t("views.charts.bandWhole") : null);
    for (const [name, value] of Object.entries({ "data-hint": whole, tabindex: whole && "0" }))
      if (value === null) this.#aside.removeAttribute(name);
      else this.#aside.setAttribute(name, value);
  }

  #switchOption() {
    const { option = "" } = this.#series;
    this.#ctx.onScales({ [option]: this.#data?.scales[option] === "on" ? "off" : "on" });
  }
}
