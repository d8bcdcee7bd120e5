/**
 * The step that the clock shows, line by line: the code of the loop with the numbers of the selected run.
 */

import { create, setText } from "../drawing/dom.js";
import { EmptyNote } from "../drawing/empty.js";
import { formatReading } from "../drawing/numbers.js";
import { resized } from "../drawing/resized.js";
import { indexOf, sizeOfShape } from "../drawing/parameters.js";
import { kindOf } from "../drawing/frozen.js";
import { describeRefusal } from "../../api/trouble.js";
import { InnerIterations } from "./inner-iterations.js";
import { PhasePlayer } from "./phase-player.js";
import { elementsAt, holdingsOf, linesOf, verdictOf } from "./step-words.js";
import { UpdateLines } from "./update-lines.js";
import { watchedLines } from "./watched-lines.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./step-words.js").Line} Line
 * @typedef {import("./step-words.js").Said} Said
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
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
  #parameterName = create("span", { class: "visually-hidden" });
  #verdict = create("p", { class: "step-verdict" });
  #head = create("thead");
  #body = create("tbody");
  #more = create("p", { class: "step-more" });
  #holdings = create("dl", { class: "step-holdings" });
  #optimizer;
  #update;
  #average;
  #iterations;
  #trouble = create("p", { class: "step-verdict" });
  #phases;
  #empty;
  /** @type {HTMLElement[]} */
  #items = [];
  #file = create("div", { class: "step-file" });
  /** @type {HTMLElement[]} */
  #notes = [];
  /** @type {HTMLElement[][]} */
  #cells = [];
  /** @type {HTMLButtonElement[]} */
  #choices = [];
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
    this.#update = new UpdateLines(ctx);
    this.#average = new UpdateLines(ctx);
    this.#iterations = new InnerIterations(ctx, () => this.redraw());
    this.#phases = new PhasePlayer(ctx, () => this.#goOn());
    this.#optimizer = create(
      "section",
      { class: "step-update" },
      create("label", { class: "state-choice" }, this.#parameterName, this.#parameter),
      this.#verdict,
      create("table", { class: "parameter-table" }, this.#head, this.#body),
      this.#more,
      this.#trouble,
      this.#iterations.element,
      this.#update.element,
      this.#holdings,
    );
    element.classList.add("step");
    element.append(
      create("div", { class: "step-head" }, this.#title, this.#phases.element),
      this.#lines,
      this.#optimizer,
      this.#file,
    );
    this.#empty = new EmptyNote(element, ctx);
    element.addEventListener("keydown", (event) => this.#onKey(event));
    ctx.anatomies.subscribe(() => this.redraw());
    this.#parameter.addEventListener("change", () =>
      ctx.onView({ parameter: this.#parameter.value, element: 0 }),
    );
  }

  /** @param {Data} data */
  update(data) {
    this.#data = data;
    this.redraw();
  }

  /** @param {number} step */
  setStep(step) {
    if (this.#ctx.player.playing) this.#phases.rest();
    this.#step = step;
    this.redraw();
  }

  /** To the next step, and whether there is one. */
  #goOn() {
    const { player } = this.#ctx;
    if (player.step >= player.last) return false;
    player.seek(player.step + 1);
    return true;
  }

  /** @param {KeyboardEvent} event  within the view; the arrows go from line to line, but in a list of choices */
  #onKey(event) {
    const { target } = event;
    const scrolls = target instanceof HTMLElement && target.matches("select, .update-lines, .update-formula");
    if (!scrolls) this.#phases.onKey(event);
  }

  redraw() {
    const data = this.#data;
    const run = data?.runs.find(({ id }) => id === data.selected) ?? data?.runs[0];
    const history = run?.history ?? null;
    if (data === null) return;
    if (this.#empty.show(run) || run === undefined || history === null) return this.#leave();
    if (this.#element.clientWidth === 0) return this.#leave();
    const { t } = this.#ctx;
    const k = history.clamp(this.#step);
    const isFirst = k === history.first;
    setText(this.#title, t(isFirst ? "views.step.first" : "views.step.title", { run: run.label, step: k }));
    this.#optimizer.hidden = isFirst;
    this.#showLines(isFirst ? [] : this.#linesOf(data, history, k));
    this.#file.hidden = data.problem.kind !== "dataset" || history.isWatched;
    this.#showFile();
    this.#phases.element.hidden = isFirst;
    if (isFirst) return this.#leave();
    const parameter = parameterOf(data, history);
    const element = elementOf(data, history, parameter);
    this.#showUpdate(history, parameter, element, k);
    this.#takeApart(run, parameter, element, k);
    this.#showHoldings(holdingsOf(history, parameter, k, run.ownRate));
  }

  /**
   * @param {Data} data
   * @param {History} history
   * @param {number} k
   */
  #linesOf(data, history, k) {
    return history.isWatched
      ? watchedLines(history, k)
      : linesOf(history, k, lossOf(data, history), data.needs);
  }

  /** Nobody looks. */
  #leave() {
    this.#phases.rest();
    this.#ctx.anatomies.leave("step");
  }

  /**
   * The update line by line, once the clock rests.
   *
   * @param {Run} run
   * @param {string} parameter
   * @param {number} element
   * @param {number} k
   */
  #takeApart(run, parameter, element, k) {
    const { anatomies, player } = this.#ctx;
    if (player.playing) {
      anatomies.leave("step");
      for (const lines of [this.#update, this.#average]) lines.show(null, element, true);
    } else {
      this.#iterations.of(JSON.stringify([run.request, k]));
      const { anatomy, error } = anatomies.look("step", run, k, parameter, this.#iterations.chosen);
      if (anatomy !== null) this.#iterations.show(anatomy.iterations);
      setText(this.#trouble, error === null ? "" : describeRefusal(error, this.#ctx));
      for (const [lines, updates] of /** @type {const} */ ([
        [this.#update, anatomy?.updates],
        [this.#average, anatomy?.averages],
      ])) {
        const update = updates?.find((one) => one.parameter === parameter) ?? null;
        lines.show(update, element, run.config.dtype !== "float64");
        lines.element.hidden = error !== null;
      }
    }
    const worked = [this.#update, this.#average];
    this.#phases.setLines(
      this.#items.flatMap((item) => [
        item,
        ...worked.flatMap(({ element, lines }) => (item.contains(element) ? lines : [])),
      ]),
    );
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
      this.#items = items;
      const place = lines.findIndex(({ part }) => part === "step");
      if (place >= 0) items[place].append(this.#optimizer);
      items[lines.findIndex(({ part }) => part === "average")]?.append(this.#average.element);
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
   * @param {number} element  that is chosen
   * @param {number} k
   */
  #showUpdate(history, parameter, element, k) {
    const { t } = this.#ctx;
    const shape = history.shapes[parameter];
    const elements = elementsAt(history, parameter, k);
    setText(this.#parameterName, t("views.state.parameter"));
    setText(this.#verdict, this.#say(verdictOf(history, parameter, k)));
    this.#verdict.dataset.kind = kindOf(history, parameter, k);
    this.#offer(history.names, parameter);
    const places = placesOf(elements.length, element);
    const few = places.map((place) => elements[place]);
    const titles = ["param", ".grad", "−lr · .grad", t("views.step.update")];
    const rows = JSON.stringify([parameter, shape, titles, places]);
    if (rows !== this.#rows) {
      this.#rows = rows;
      this.#cells = few.map(() => COLUMNS.map(() => create("td")));
      const names = places.map((place) => indexOf(place, shape, elements.length) || "[0]");
      this.#choices = names.map((name, i) => this.#choice(name, parameter, places[i]));
      this.#head.replaceChildren(
        create("tr", {}, create("td"), ...titles.map((title) => create("th", { scope: "col" }, title))),
      );
      this.#body.replaceChildren(
        ...this.#choices.map((choice, i) =>
          create("tr", {}, create("th", { scope: "row" }, choice), ...this.#cells[i]),
        ),
      );
    }
    this.#choices.forEach((choice, i) => choice.setAttribute("aria-pressed", String(places[i] === element)));
    few.forEach((element, i) =>
      COLUMNS.forEach((column, j) => {
        const value = element[column];
        setText(this.#cells[i][j], value === null ? "None" : formatReading(value));
      }),
    );
    const rest = elements.length - few.length;
    setText(this.#more, rest === 0 ? "" : t("views.step.more", { count: rest }));
  }

  /**
   * What chooses an element.
   *
   * @param {string} name
   * @param {string} parameter
   * @param {number} element
   */
  #choice(name, parameter, element) {
    const button = create("button", { class: "element-choice", type: "button" }, name);
    button.addEventListener("click", () => this.#ctx.onView({ parameter, element }));
    return button;
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
  if (problem.kind !== "dataset") return problem.loss;
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

/**
 * The element that is chosen, or the last one of a parameter that has fewer.
 *
 * @param {Data} data
 * @param {History} history
 * @param {string} parameter
 */
function elementOf({ element }, { shapes }, parameter) {
  return Math.min(element, sizeOfShape(shapes[parameter]) - 1);
}

/**
 * The elements that are shown of many: the first ones, and the chosen one.
 *
 * @param {number} count
 * @param {number} chosen
 */
function placesOf(count, chosen) {
  const first = Array.from({ length: Math.min(count, MOST_ELEMENTS) }, (_, i) => i);
  return chosen < MOST_ELEMENTS ? first : [...first.slice(0, -1), chosen];
}
