/** The choice below the lowest of the line plots: steps, or samples or epochs seen. */

import { create, setText } from "../drawing/dom.js";
import { KINDS, axisOf, hasPlaces, isEven } from "./axis.js";

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
    const offered = KINDS.filter((kind) => hasPlaces(data.runs, kind));
    this.element.hidden = offered.length < 2;
    if (this.element.hidden) return;
    const axis = axisOf(data);
    const shown = axis.kind;
    this.#group.setAttribute("aria-label", t("views.charts.axis.label"));
    for (const { kind, button } of this.#buttons) {
      button.hidden = !offered.includes(kind);
      setText(button, t(`views.charts.axis.${kind}`));
      button.setAttribute("aria-pressed", String(kind === shown));
    }
    const selected = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
    const unknown = data.runs.filter((run) => !axis.knows(run)).map(({ label }) => label);
    const read =
      shown === "steps" || isEven(data.runs)
        ? ""
        : t(`views.charts.axis.read.${shown}`, { run: selected.label });
    const said = unknown.length > 0 ? t(`views.charts.axis.unsaid.${shown}`, { runs: unknown }) : read;
    const isSaid = said !== "";
    setText(this.#said, said);
    this.#said.dataset.hint = said;
    this.#said.tabIndex = isSaid ? 0 : -1;
  }
}
