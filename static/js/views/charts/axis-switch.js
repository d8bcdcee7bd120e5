/** The choice below the lowest of the line plots: steps or samples seen. */

import { create, setText } from "../drawing/dom.js";
import { axisOf, hasSamples, isEven } from "./axis.js";

const KINDS = /** @type {const} */ (["steps", "samples"]);

export class AxisSwitch {
  #ctx;
  #buttons;
  #group = create("div", { class: "switch switch-small", role: "group" });
  #said = create("span", { class: "line-chart-read" });

  /**
   * @param {import("../types.js").Context} ctx
   * @param {(kind: string) => void} onChoose
   */
  constructor(ctx, onChoose) {
    this.#ctx = ctx;
    this.#buttons = KINDS.map((kind) => {
      const button = create("button", { type: "button" });
      button.addEventListener("click", () => onChoose(kind));
      return { kind, button };
    });
    this.#group.append(...this.#buttons.map(({ button }) => button));
    this.element = create("div", { class: "line-chart-axis" }, this.#group, this.#said);
  }

  /** @param {import("../types.js").Data} data */
  update(data) {
    const { t } = this.#ctx;
    this.element.hidden = !hasSamples(data.runs);
    if (this.element.hidden) return;
    const shown = axisOf(data).kind;
    this.#group.setAttribute("aria-label", t("views.charts.axis.label"));
    for (const { kind, button } of this.#buttons) {
      setText(button, t(`views.charts.axis.${kind}`));
      button.setAttribute("aria-pressed", String(kind === shown));
    }
    const selected = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
    const isSaid = shown === "samples" && !isEven(data.runs);
    const said = isSaid ? t("views.charts.axis.read", { run: selected.label }) : "";
    setText(this.#said, said);
    this.#said.dataset.hint = said;
    this.#said.tabIndex = isSaid ? 0 : -1;
  }
}
