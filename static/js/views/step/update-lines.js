/** The update of one parameter line by line: in symbols, with the numbers of one element, and how exact each is. */

import { formulaLines, trustedFormula } from "../../formula.js";
import { create, setText } from "../drawing/dom.js";
import { shownLine } from "./update-figure.js";

/**
 * @typedef {import("../../wire.d.ts").ParameterUpdate} Update
 * @typedef {import("./update-figure.js").Mark} Mark
 * @typedef {import("./update-figure.js").Shown} Shown
 * @typedef {import("../types.js").Context} Context
 *
 * @typedef {object} Row
 * @property {HTMLElement} element
 * @property {HTMLElement} symbols
 * @property {HTMLElement} numbers
 * @property {HTMLElement} value
 * @property {HTMLElement} mark
 * @property {HTMLElement} what
 * @property {HTMLElement} code
 */

/** What the verdict above says already. */
const TOLD = ["update_passed_over", "update_outside"];

export class UpdateLines {
  #ctx;
  #why = create("p", { class: "step-verdict" });
  #formula = create("div", { class: "update-formula" });
  #list = create("ol", { class: "update-lines" });
  #afterTitle = create("h4", { class: "update-title" });
  #after = create("ol", { class: "update-lines" });
  /** @type {Row[]} */
  #rows = [];
  #shown = "";

  /** @param {Context} ctx */
  constructor(ctx) {
    this.#ctx = ctx;
    this.#formula.tabIndex = 0;
    this.#formula.setAttribute("role", "group");
    this.#list.tabIndex = 0;
    this.#after.tabIndex = 0;
    this.element = create(
      "div",
      { class: "update" },
      this.#why,
      this.#formula,
      this.#list,
      this.#afterTitle,
      this.#after,
    );
  }

  /** The lines up to the new value, one behind the other. */
  get lines() {
    return /** @type {HTMLElement[]} */ ([...this.#list.children]);
  }

  /**
   * @param {Update | null} update  null while it is not known
   * @param {number} element  of the parameter, counted flat
   * @param {boolean} single  whether its numbers are float32
   */
  show(update, element, single) {
    const { t, say } = this.#ctx;
    this.element.setAttribute("aria-busy", String(update === null));
    if (update === null) return;
    setText(
      this.#why,
      update.why === null || update.why_code === null || TOLD.includes(update.why_code)
        ? ""
        : say({ detail: update.why, code: update.why_code, params: update.why_params ?? {} }),
    );
    const shown = [...update.lines, ...update.after].map((line) => shownLine(update, line, element, single));
    this.#formula.hidden = shown.length === 0;
    setFormula(this.#formula, formulaLines(update.formula ?? ""));
    this.#formula.setAttribute("aria-label", t("views.step.formula"));
    this.#list.setAttribute("aria-label", t("views.step.lines"));
    this.#after.setAttribute("aria-label", t("views.step.after"));
    setText(this.#afterTitle, update.after.length > 0 ? t("views.step.after") : "");
    const names = JSON.stringify([update.lines.length, shown.map(({ key, code }) => [key, code])]);
    if (names !== this.#shown) {
      this.#shown = names;
      this.#rows = shown.map(makeRow);
      const items = this.#rows.map((row) => row.element);
      this.#list.replaceChildren(...items.slice(0, update.lines.length));
      this.#after.replaceChildren(...items.slice(update.lines.length));
    }
    shown.forEach((line, i) => this.#fill(this.#rows[i], line));
  }

  /**
   * @param {Row} row
   * @param {Shown} line
   */
  #fill(row, line) {
    const { say } = this.#ctx;
    setFormula(row.symbols, line.symbols);
    setFormula(row.numbers, line.numbers);
    setText(row.value, line.value === "" ? "" : `= ${line.value}`);
    setText(row.mark, this.#told(line.mark));
    row.mark.dataset.kind = line.mark.kind;
    setText(row.what, say(line.what));
    setText(row.code, line.code);
  }

  /** @param {Mark} mark */
  #told(mark) {
    const { t } = this.#ctx;
    if (mark.kind !== "off") return t(`views.step.mark.${mark.kind}`);
    return t("views.step.mark.off", { count: mark.count, ours: mark.ours });
  }
}

/** @returns {Row} */
function makeRow() {
  const [symbols, numbers, value, mark] = ["symbols", "numbers", "value", "mark"].map((part) =>
    create("span", { class: `update-${part}` }),
  );
  const what = create("span", { class: "update-what" });
  const code = create("code", { class: "update-code" });
  const element = create(
    "li",
    { class: "update-line" },
    create("div", { class: "update-head" }, symbols, mark),
    create("div", { class: "update-worked" }, numbers),
    value,
    create("div", { class: "update-foot" }, what, code),
  );
  return { element, symbols, numbers, value, mark, what, code };
}

/**
 * @param {HTMLElement} element
 * @param {string} markup
 */
function setFormula(element, markup) {
  if (element.dataset.formula === markup) return;
  element.dataset.formula = markup;
  element.innerHTML = trustedFormula(markup);
}
