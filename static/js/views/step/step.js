/**
 * The step that the clock shows, line by line: the code of the loop with the numbers of the selected run.
 */

import { create, setText } from "../drawing/dom.js";
import { formatReading } from "../drawing/numbers.js";
import { resized } from "../drawing/resized.js";
import { indexOf } from "../drawing/parameters.js";
import { kindOf } from "../drawing/frozen.js";
import { elementsAt, holdingsOf, linesOf, verdictOf } from "./step-words.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./step-words.js").Line} Line
 * @typedef {import("./step-words.js").Said} Said
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").View} View
 */

/** Elements of a parameter that are shown, of however many there are. */
const MOST_ELEMENTS = 6;
const COLUMNS = /** @type {const} */ (["before", "grad", "plain", "update"]);

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  return resized(element, new StepView(element, ctx));
}

class StepView {
  #ctx;
  #element;
  #title = create("h3", { class: "step-title" });
  #lines = create("ol", { class: "step-lines" });
  #parameter = create("select", { class: "select" });
  #parameterName = create("span", { class: "state-choice-name" });
  #verdict = create("p", { class: "step-verdict" });
  #head = create("thead");
  #body = create("tbody");
  #more = create("p", { class: "step-more" });
  #holdings = create("dl", { class: "step-holdings" });
  #optimizer;
  #file = create("div", { class: "step-file" });
  /** @type {HTMLElement[]} */
  #notes = [];
  /** @type {HTMLElement[][]} */
  #cells = [];
  #shown = "";
  #rows = "";
  /** @type {HTMLElement[]} */
  #values = [];
  #held = "";
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
    this.#optimizer = create(
      "section",
      { class: "step-update" },
      create("label", { class: "state-choice" }, this.#parameterName, this.#parameter),
      this.#verdict,
      create("table", { class: "parameter-table" }, this.#head, this.#body),
      this.#more,
      this.#holdings,
    );
    element.classList.add("step");
    element.append(this.#title, this.#lines, this.#optimizer, this.#file);
    this.#parameter.addEventListener("change", () => ctx.onView({ parameter: this.#parameter.value }));
  }

  /** @param {Data} data */
  update(data) {
    this.#data = data;
    this.redraw();
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    this.redraw();
  }

  redraw() {
    const data = this.#data;
    const run = data?.runs.find(({ id }) => id === data.selected) ?? data?.runs[0];
    const history = run?.history ?? null;
    if (data === null || run === undefined || history === null || history.isEmpty) return;
    if (this.#element.clientWidth === 0) return;
    const { t } = this.#ctx;
    const k = history.clamp(this.#step);
    const isFirst = k === history.first;
    setText(this.#title, t(isFirst ? "views.step.first" : "views.step.title", { run: run.label, step: k }));
    this.#optimizer.hidden = isFirst;
    this.#showLines(isFirst ? [] : linesOf(history, k, lossOf(data, history), data.needs));
    this.#file.hidden = data.problem.kind === "function";
    this.#showFile();
    if (isFirst) return;
    const parameter = parameterOf(data, history);
    this.#showUpdate(history, parameter, k);
    this.#showHoldings(holdingsOf(history, parameter, k, run.ownRate));
  }

  /** @param {Line[]} lines */
  #showLines(lines) {
    const shown = JSON.stringify(lines.map(({ part, code }) => [part, code]));
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#notes = lines.map(() => create("p", { class: "step-said" }));
      const items = lines.map(({ code }, i) =>
        create("li", {}, create("code", { class: "step-code" }, code), this.#notes[i]),
      );
      this.#lines.replaceChildren(...items);
      const place = lines.findIndex(({ part }) => part === "step");
      if (place >= 0) items[place].append(this.#optimizer);
    }
    lines.forEach(({ said }, i) => setText(this.#notes[i], said.map((one) => this.#say(one)).join(" ")));
  }

  /** @param {Said} said */
  #say({ key, params }) {
    return this.#ctx.t(key.startsWith("views.") ? key : `views.step.said.${key}`, params);
  }

  /**
   * @param {History} history
   * @param {string} parameter
   * @param {number} k
   */
  #showUpdate(history, parameter, k) {
    const { t } = this.#ctx;
    const shape = history.shapes[parameter];
    const elements = elementsAt(history, parameter, k);
    setText(this.#parameterName, t("views.state.parameter"));
    setText(this.#verdict, this.#say(verdictOf(history, parameter, k)));
    this.#verdict.dataset.kind = kindOf(history, parameter, k);
    this.#offer(history.names, parameter);
    const few = elements.slice(0, MOST_ELEMENTS);
    const titles = ["param", ".grad", "−lr · .grad", t("views.step.update")];
    const rows = JSON.stringify([parameter, shape, titles]);
    if (rows !== this.#rows) {
      this.#rows = rows;
      this.#cells = few.map(() => COLUMNS.map(() => create("td")));
      const names = few.map((_, i) => indexOf(i, shape, elements.length) || "[0]");
      this.#head.replaceChildren(
        create("tr", {}, create("td"), ...titles.map((title) => create("th", { scope: "col" }, title))),
      );
      this.#body.replaceChildren(
        ...names.map((name, i) => create("tr", {}, create("th", { scope: "row" }, name), ...this.#cells[i])),
      );
    }
    few.forEach((element, i) =>
      COLUMNS.forEach((column, j) => {
        const value = element[column];
        setText(this.#cells[i][j], value === null ? "None" : formatReading(value));
      }),
    );
    const rest = elements.length - few.length;
    setText(this.#more, rest === 0 ? "" : t("views.step.more", { count: rest }));
  }

  /** @param {{code: string, value: string, note?: string}[]} holdings */
  #showHoldings(holdings) {
    const { t } = this.#ctx;
    const codes = holdings.map(({ code, note }) => (note ? `${t(`views.step.${note}`)} ${code}` : code));
    if (codes.join() !== this.#held) {
      this.#held = codes.join();
      this.#values = codes.map(() => create("dd"));
      this.#holdings.replaceChildren(
        ...codes.map((code, i) => create("div", {}, create("dt", {}, code), this.#values[i])),
      );
    }
    holdings.forEach(({ value }, i) => setText(this.#values[i], value));
  }

  /**
   * @param {string[]} names
   * @param {string} chosen
   */
  #offer(names, chosen) {
    if (names.join() !== Array.from(this.#parameter.options, ({ value }) => value).join())
      this.#parameter.replaceChildren(...names.map((name) => create("option", { value: name }, name)));
    if (this.#parameter.value !== chosen) this.#parameter.value = chosen;
  }

  #showFile() {
    const { t } = this.#ctx;
    const said = t("views.step.file");
    if (this.#file.dataset.said === said) return;
    this.#file.dataset.said = said;
    this.#file.replaceChildren(
      create("code", { class: "step-code" }, 'torch.save({"model": model.state_dict(),\n            "optimizer": optimizer.state_dict()}, "checkpoint.pth")'), // prettier-ignore
      create("p", { class: "step-said" }, said),
    );
  }
}

/**
 * How the loss of a run is computed.
 *
 * @param {Data} data
 * @param {History} history
 */
function lossOf({ problem }, { config }) {
  if (problem.kind === "function") return problem.loss;
  const rows = config.batch_size ? "[rows]" : "";
  return `${problem.loss}(model(x${rows}), y${rows})`;
}

/**
 * @param {Data} data
 * @param {History} history
 */
function parameterOf({ parameter }, { names }) {
  return names.find((name) => name === parameter) ?? names[0];
}
