/** The network of the selected run at the step, with a lock on each layer; or its matrices, or its point. */

import { create, setText } from "../drawing/dom.js";
import { whyEmpty } from "../drawing/empty.js";
import { glyph } from "../drawing/markers.js";
import { MatrixDrawing } from "./matrix-drawing.js";
import { MatrixSpectra } from "./matrix-spectra.js";
import { NetworkDrawing } from "./network-drawing.js";
import { isChain, notes } from "./network-figure.js";
import { NetworkKey } from "./network-key.js";
import { formatNumber } from "../drawing/numbers.js";
import { ParameterTable } from "./parameter-table.js";
import { PointDial } from "./point-dial.js";
import { activityCost, reluActivity } from "./relu.js";
import { saveButton } from "../drawing/save-button.js";
import { SampleChoice } from "./sample-choice.js";
import { signalsOf } from "./signals.js";
import { NO_CONFIG } from "../../state/watched.js";
import { resized } from "../drawing/resized.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./network-figure.js").Note} Note
 * @typedef {import("./relu.js").Activity} Activity
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").View} View
 */

/** Multiplications that fit in a frame; beyond them the units' activity is found when the clock stands still. */
const COST_A_FRAME = 400_000;

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  return resized(element, new NetworkView(element, ctx));
}

class NetworkView {
  #ctx;
  #element;
  #name = create("h3", { class: "network-title" });
  #modes;
  #stage = create("div", { class: "network-stage" });
  #notes = create("ul", { class: "network-notes" });
  #key;
  #table;
  #dial;
  #matrices;
  #spectra;
  #samples;
  #save;
  /** @type {NetworkDrawing | null} */
  #drawing = null;
  #shape = "";
  /** @type {Data | null} */
  #data = null;
  /** @type {Run | null} */
  #run = null;
  #step;
  /** What stands below the drawing; null where that is to be seen to. @type {string | null} */
  #said = null;
  #kinds = "";
  #room = 0;
  /** @type {{history: History, record: number, activity: Activity[]} | null} */
  #active = null;

  /**
   * @param {HTMLElement} element
   * @param {Context} ctx
   */
  constructor(element, ctx) {
    this.#ctx = ctx;
    this.#step = ctx.player.step;
    this.#element = element;
    this.#key = new NetworkKey(ctx);
    this.#table = new ParameterTable(ctx);
    this.#dial = new PointDial(ctx);
    this.#matrices = new MatrixDrawing(ctx);
    this.#spectra = new MatrixSpectra(ctx);
    this.#save = saveButton(ctx, "network");
    this.#samples = new SampleChoice(ctx, () => this.setStep(this.#step));
    ctx.anatomies.subscribe(() => {
      if (this.#data?.network === "signals" || this.#isOfMatrices) this.setStep(this.#step);
    });
    this.#modes = /** @type {const} */ (["weights", "gradients", "signals"]).map((mode) => {
      const button = create("button", { class: "segment", type: "button", "data-mode": mode });
      button.addEventListener("click", () => ctx.onView({ network: mode }));
      return { mode, button };
    });
    const segments = create(
      "div",
      { class: "segments", role: "group" },
      ...this.#modes.map(({ button }) => button),
    );
    element.classList.add("network");
    element.append(
      create("div", { class: "network-head" }, this.#name, segments),
      this.#stage,
      this.#samples.element,
      this.#notes,
      this.#save.element,
      this.#key.element,
      this.#table.element,
    );
  }

  /** @param {Data} data */
  update(data) {
    const { t } = this.#ctx;
    this.#data = data;
    this.#save.name(t("shell.region.network"));
    this.#run = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0] ?? null;
    for (const { mode, button } of this.#modes) {
      setText(button, t(`views.network.${mode}`));
      button.setAttribute("aria-pressed", String(mode === data.network));
      button.parentElement?.setAttribute("aria-label", t("views.network.show"));
    }
    this.#key.update(data.network);
    this.#said = null;
    this.#active = null;
    this.#arrange();
    this.setStep(this.#step);
  }

  /** @param {number} step */
  setStep(step) {
    this.#step = step;
    const [run, data] = [this.#run, this.#data];
    if (run === null || data === null || run.history === null || run.history.isEmpty) return;
    const record = run.history.clamp(step);
    if (this.#isUnknown(run)) return this.#table.setRecord(record);
    if (isPoint(run.history)) return this.#dial.show(run.history, record);
    if (this.#isOfMatrices) return this.#showMatrices(run, run.history, record, data.network);
    const activity = this.#activityAt(run.history, record);
    const signals = this.#signalsAt(run, run.history, record);
    this.#samples.show(signals);
    this.#drawing?.show(run.history, record, data.network, activity, signals);
    this.#drawing?.choose(data.parameter, data.element);
    this.#table.setRecord(record);
    return this.#say(run.history, record, activity);
  }

  /**
   * What went through the units, where that is looked at and the clock rests.
   *
   * @param {Run} run
   * @param {History} history
   * @param {number} record
   */
  #signalsAt(run, history, record) {
    const anatomy = this.#data?.network === "signals" ? this.#anatomyAt(run, history, record) : null;
    if (this.#data?.network !== "signals") this.#ctx.anatomies.leave("network");
    const isRelu = history.config.model?.activation === "relu";
    return anatomy === null ? null : signalsOf(anatomy, this.#samples.sample, isRelu);
  }

  /**
   * The step taken apart, where the clock rests.
   *
   * @param {Run} run
   * @param {History} history
   * @param {number} record
   */
  #anatomyAt(run, history, record) {
    const { anatomies, player } = this.#ctx;
    if (record > history.first && !player.playing && this.#element.clientWidth > 0) {
      return anatomies.look("network", run, record, null).anatomy;
    }
    anatomies.leave("network");
    return null;
  }

  redraw() {
    if (this.#data !== null) this.update(this.#data);
  }

  /** Put the drawing that the run needs on the stage. */
  #arrange() {
    const [run, data] = [this.#run, this.#data];
    const history = run?.history ?? null;
    const isWaiting = run === null || data === null || history === null || history.isEmpty;
    this.#element.classList.toggle("is-waiting", isWaiting);
    if (isWaiting) {
      this.#stage.replaceChildren(
        create("p", { class: "network-waiting" }, whyEmpty(run ?? undefined, this.#ctx)),
      );
      this.#notes.replaceChildren();
      this.#shape = "";
      return;
    }
    this.#name.replaceChildren(glyph(run), create("span", {}, run.label));
    this.#element.classList.toggle("is-stale", run.stale);
    const point = isPoint(history) && !run.watched;
    this.#element.classList.toggle("is-point", point);
    this.#element.classList.toggle("is-matrices", this.#isOfMatrices);
    if (this.#isUnknown(run)) this.#arrangeUnknown(history);
    else if (point) this.#arrangePoint(run);
    else if (this.#isOfMatrices) this.#arrangeMatrices(history);
    else this.#arrangeNetwork(run, history);
  }

  /** @param {Run} run */
  #arrangePoint(run) {
    this.#shape = "";
    this.#notes.replaceChildren();
    this.#dial.describe(this.#ctx.t("views.network.point", { run: run.label }));
    if (this.#dial.element.parentElement !== this.#stage) this.#stage.replaceChildren(this.#dial.element);
  }

  get #isOfMatrices() {
    return this.#data?.problem.kind === "matrix" && !this.#run?.watched;
  }

  /**
   * Whether nobody knows how the parameters of a run make a network.
   *
   * @param {Run} run
   */
  #isUnknown({ watched, history }) {
    return watched === true && history !== null && !isChain(history);
  }

  /** @param {History} history */
  #arrangeUnknown(history) {
    this.#shape = "";
    this.#notes.replaceChildren();
    this.#table.update(history);
    const why = create("p", { class: "network-waiting" }, this.#ctx.t("views.network.unknown"));
    this.#stage.replaceChildren(why);
  }

  /**
   * @param {Run} run
   * @param {History} history
   * @param {number} record
   * @param {Data["network"]} mode
   */
  #showMatrices(run, history, record, mode) {
    this.#table.setRecord(record);
    this.#matrices.show(history, record, mode);
    const spectra = this.#anatomyAt(run, history, record)?.spectra ?? null;
    this.#spectra.show(spectra, `${run.id} ${history.config.optimizer.name}`);
  }

  /** @param {History} history */
  #arrangeMatrices(history) {
    this.#shape = "";
    this.#notes.replaceChildren();
    this.#table.update(history);
    const { element } = this.#matrices;
    if (element.parentElement !== this.#stage) this.#stage.replaceChildren(element, this.#spectra.element);
  }

  /**
   * @param {Run} run
   * @param {History} history
   */
  #arrangeNetwork(run, history) {
    const width = this.#stage.clientWidth;
    if (width === 0) return;
    const shape = JSON.stringify([history.shapes, width]);
    if (shape !== this.#shape || this.#drawing === null) {
      this.#shape = shape;
      this.#drawing = new NetworkDrawing(history, width, this.#ctx);
      this.#stage.replaceChildren(this.#drawing.element);
    }
    this.#drawing.describe(run);
    this.#table.update(history);
  }

  /**
   * @param {History} history
   * @param {number} record
   * @returns {Activity[]}
   */
  #activityAt(history, record) {
    const known = this.#active;
    if (known?.history === history && known.record === record) return known.activity;
    if (known?.history === history && this.#ctx.player.playing && activityCost(history) > COST_A_FRAME) {
      return known.activity;
    }
    const activity = reluActivity(history, record);
    this.#active = { history, record, activity };
    return activity;
  }

  /**
   * @param {History} history
   * @param {number} record
   * @param {Activity[]} activity
   */
  #say(history, record, activity) {
    const { t } = this.#ctx;
    const found = [
      ...notes(history, record, activity, (norm) => formatNumber(norm, 3)),
      ...this.#asides(record),
    ];
    const said = found.map(({ key, params }) => t(key, params));
    if (said.join("\n") === this.#said) return;
    this.#said = said.join("\n");
    const kinds = found.map(({ key }) => key).join();
    this.#notes.replaceChildren(...found.map(({ kind }, i) => create("li", { "data-kind": kind }, said[i])));
    if (kinds !== this.#kinds) this.#reserve();
    this.#kinds = kinds;
  }

  /** Keep the room that the notes have once needed: what lies below must not move while the clock runs. */
  #reserve() {
    this.#room = Math.max(this.#room, this.#notes.scrollHeight);
    this.#notes.style.minHeight = this.#room === 0 ? "" : `${this.#room}px`;
  }

  /**
   * @param {number} record
   * @returns {Note[]}
   */
  #asides(record) {
    const kind = /** @type {const} */ ("plain");
    const hidden = (this.#drawing?.layers ?? []).filter(({ total, shown }) => total > shown);
    const mode = this.#data?.network;
    const initial = record === this.#run?.history?.first && mode !== "weights";
    const layers = hidden.map(({ name }) => name);
    const isWatched = this.#run?.watched === true;
    const refused = this.#run?.stale ? (this.#run.errors ?? []) : [];
    return [
      ...refused.map(({ detail }) => ({ key: "views.network.before", params: { why: detail }, kind })),
      ...(initial ? [{ key: "views.network.noGradients", params: {}, kind }] : []),
      ...(mode === "signals" && isWatched
        ? [
            {
              key: "views.network.noSignals",
              params: { why: this.#ctx.say(NO_CONFIG), code: NO_CONFIG.code },
              kind,
            },
          ]
        : []),
      ...(mode === "signals" && !initial && !isWatched
        ? [{ key: "views.network.signalsNote", params: {}, kind }]
        : []),
      ...(hidden.length > 0
        ? [{ key: "views.network.hidden", params: { layers, shown: hidden[0].shown }, kind }]
        : []),
    ];
  }
}

/** @param {History} history */
function isPoint(history) {
  return history.names.length === 1 && history.names[0] === "xy";
}
