/** The numbers of one layer as they are: every parameter and its gradient at the step. */

import { create, setText } from "../drawing/dom.js";
import { exactNumber } from "../drawing/numbers.js";
import { sizeOfShape } from "../drawing/parameters.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../types.js").Context} Context
 *
 * @typedef {{name: string, index: number, value: HTMLElement, gradient: HTMLElement}} Row
 */

/** A longer table is brought up to date when the clock stands still. */
const ROWS_A_FRAME = 120;

export class ParameterTable {
  #ctx;
  #summary = create("summary");
  #choice = create("select", { class: "parameter-layer" });
  #choiceLabel = create("span");
  #head = create("thead");
  #body = create("tbody");
  /** @type {History | null} */
  #history = null;
  /** @type {Row[]} */
  #rows = [];
  #record = 0;
  #shape = "";

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    this.element = create(
      "details",
      { class: "parameters" },
      this.#summary,
      create("label", { class: "parameter-choice" }, this.#choiceLabel, this.#choice),
      create("table", { class: "parameter-table" }, this.#head, this.#body),
    );
    this.element.addEventListener("toggle", () => this.#refresh());
    this.#choice.addEventListener("change", () => this.#refresh());
  }

  /** @param {History} history */
  update(history) {
    const { t } = this.#ctx;
    this.#history = history;
    setText(this.#choiceLabel, t("views.network.layer"));
    setText(this.#summary, t("views.network.table"));
    const names = history.layers.map(({ name }) => name);
    if (names.join() !== Array.from(this.#choice.options, ({ value }) => value).join()) {
      this.#choice.replaceChildren(...names.map((name) => create("option", { value: name }, name)));
    }
    const titles = [t("views.network.parameter"), t("views.network.value"), ".grad"];
    this.#head.replaceChildren(
      create("tr", {}, ...titles.map((title) => create("th", { scope: "col" }, title))),
    );
    this.#refresh();
  }

  /** @param {number} record */
  setRecord(record) {
    this.#record = record;
    if (!this.element.open) return;
    if (this.#rows.length > ROWS_A_FRAME && this.#ctx.player.playing) return;
    this.#fill();
  }

  #refresh() {
    if (!this.element.open || this.#history === null) return;
    const layer =
      this.#history.layers.find(({ name }) => name === this.#choice.value) ?? this.#history.layers[0];
    const shape = layer.parameters.map((name) => `${name} ${this.#history?.shapes[name]}`).join();
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#rows = layer.parameters.flatMap((name) => makeRows(name, this.#history?.shapes[name] ?? []));
      this.#body.replaceChildren(
        ...this.#rows.map(({ name, index, value, gradient }) =>
          create("tr", {}, create("th", { scope: "row" }, this.#chooser(name, index)), value, gradient),
        ),
      );
    }
    this.#fill();
  }

  /**
   * What chooses an element, whose update is then told line by line.
   *
   * @param {string} name
   * @param {number} index
   */
  #chooser(name, index) {
    const button = create("button", { class: "element-choice", type: "button" }, this.#place(name, index));
    button.addEventListener("click", () => this.#ctx.onView({ parameter: name, element: index }));
    return button;
  }

  /**
   * @param {string} name
   * @param {number} index
   */
  #place(name, index) {
    const [, columns = 1] = this.#history?.shapes[name] ?? [];
    const short = name.slice(name.lastIndexOf(".") + 1);
    return columns === 1 && this.#history?.shapes[name].length === 1
      ? `${short}[${index}]`
      : `${short}[${Math.floor(index / columns)}, ${index % columns}]`;
  }

  #fill() {
    const history = this.#history;
    if (history === null) return;
    const record = this.#record;
    for (const { name, index, value, gradient } of this.#rows) {
      const values = history.param(name, record);
      const gradients = history.grad(name, record);
      const single = values instanceof Float32Array;
      setText(value, exactNumber(values[index], single));
      setText(gradient, gradients === null ? "None" : exactNumber(gradients[index], single));
    }
  }
}

/**
 * @param {string} name
 * @param {number[]} shape
 * @returns {Row[]}
 */
function makeRows(name, shape) {
  return Array.from({ length: sizeOfShape(shape) }, (_, index) => ({
    name,
    index,
    value: create("td"),
    gradient: create("td"),
  }));
}
