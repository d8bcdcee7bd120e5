/** The runs with their marks and their losses at the step. It is the legend of every drawing on the page. */

import { arrange, create, setAttributes, setText } from "../drawing/dom.js";
import { earlyEnd, stepOfEnd } from "../drawing/ends.js";
import { glyph } from "../drawing/markers.js";
import { nameOfOther } from "../drawing/others.js";
import { lossReading } from "../drawing/loss-reading.js";
import { formatReading } from "../drawing/numbers.js";

/**
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").View} View
 *
 * @typedef {object} Entry
 * @property {Run} run
 * @property {HTMLElement} item
 * @property {HTMLElement} loss
 * @property {HTMLElement} average
 * @property {HTMLElement} state
 */

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  const list = create("ul", { class: "legend" });
  element.append(list);
  /** @type {Entry[]} */
  let entries = [];
  let drawn = "";
  /** @type {Entry | null} */
  let ghost = null;
  let step = ctx.player.step;

  const showStep = () => {
    for (const { run, loss, average, state, item } of ghost === null ? entries : [...entries, ghost]) {
      const reading = lossReading(run.history, step, ctx.t, formatReading);
      setText(loss, reading.text);
      loss.dataset.hint = reading.title;
      loss.classList.toggle("is-of-batch", run.history?.hasBatches === true);
      if (reading.text.startsWith("−")) loss.classList.add("is-signed"); // and stays as wide
      loss.classList.toggle("is-nothing", /^(NaN|[−]?∞)$/.test(reading.text));
      showAverage(average, run, step, ctx.t);
      setText(state, describeEnd(run, step, ctx.t));
      state.dataset.hint = state.textContent ?? "";
      item.classList.toggle("is-stale", run.stale);
    }
  };

  return {
    update(data) {
      const identity = data.runs.map(({ id, label, exactLabel, color, marker, dash }) => [
        id,
        label,
        exactLabel,
        color,
        marker,
        dash,
      ]);
      const flow = data.flow?.found ? ctx.t("views.legend.flow") : null;
      const told = [data.selected, data.ghost?.label, flow, ctx.t("views.legend.label")];
      const shown = JSON.stringify([identity, ...told]);
      if (shown === drawn) {
        entries.forEach((entry, i) => {
          entry.run = data.runs[i];
        });
        if (ghost !== null && data.ghost) ghost.run = data.ghost;
      } else {
        drawn = shown;
        list.setAttribute("aria-label", ctx.t("views.legend.label"));
        const before = new Map(entries.map((entry) => [entry.run.id, entry]));
        entries = data.runs.map((run) =>
          named(before.get(run.id) ?? makeEntry(run, ctx), run, data.selected),
        );
        ghost = data.ghost ? makeGhost(data.ghost) : null;
        const items = (ghost === null ? entries : [...entries, ghost]).map(({ item }) => item);
        arrange(list, flow === null ? items : [...items, makeFlow(flow)]);
      }
      list.classList.toggle(
        "has-batches",
        data.runs.some(({ history }) => history?.hasBatches === true),
      );
      list.classList.toggle(
        "has-averages",
        data.runs.some(({ history }) => history?.hasAverage === true),
      );
      showStep();
    },
    setStep(next) {
      step = next;
      showStep();
    },
    resize() {},
    destroy() {
      list.remove();
    },
  };
}

/**
 * @param {Run} run
 * @param {Context} ctx
 * @returns {Entry}
 */
function makeEntry(run, ctx) {
  const loss = create("span", { class: "legend-loss" });
  const average = create("span", { class: "legend-average" });
  const state = create("span", { class: "legend-state" });
  const button = create("button", { class: "legend-run", type: "button", "data-run": run.id });
  button.addEventListener("click", () => ctx.onSelect(run.id));
  return { run, loss, average, state, item: create("li", {}, button) };
}

/**
 * The entry as its run is told apart now; the button stays, and with it the focus.
 *
 * @param {Entry} entry
 * @param {Run} run
 * @param {string | null} selected
 * @returns {Entry}
 */
function named(entry, run, selected) {
  const button = /** @type {HTMLElement} */ (entry.item.firstElementChild);
  setAttributes(button, { "aria-pressed": String(run.id === selected) });
  const label = create("span", { class: "legend-label", "data-hint": run.exactLabel }, run.label);
  button.replaceChildren(glyph(run), label, entry.loss, entry.average, entry.state);
  return Object.assign(entry, { run });
}

/**
 * The loss at the average of a run, behind its name; nothing where nothing is averaged.
 *
 * @param {HTMLElement} element
 * @param {Run} run
 * @param {number} step
 * @param {Context["t"]} t
 */
function showAverage(element, { history }, step, t) {
  const k = history?.recordAt(step) ?? null;
  const loss = history === null || k === null ? null : history.averageLoss(k);
  const name = nameOfOther(history, "average");
  setText(element, loss === null ? "" : `${name} ${formatReading(loss)}`);
  element.dataset.hint = loss === null ? "" : t("views.loss.average", { name, step: k ?? 0 });
}

/**
 * The selected run without what it freezes, which cannot be selected itself.
 *
 * @param {Run} run
 * @returns {Entry}
 */
function makeGhost(run) {
  const loss = create("span", { class: "legend-loss" });
  const average = create("span", { class: "legend-average" });
  const state = create("span", { class: "legend-state" });
  const label = create("span", { class: "legend-label" }, run.label);
  const shown = create(
    "span",
    { class: "legend-ghost" },
    glyph({ ...run, dash: [3, 4] }),
    label,
    loss,
    state,
  );
  return { run, loss, average, state, item: create("li", {}, shown) };
}

/**
 * The central flow of the selected run, which is no run.
 *
 * @param {string} name
 */
function makeFlow(name) {
  const mark = glyph({ color: "currentColor", dash: [8, 3, 2, 3], marker: "plus" });
  return create("li", {}, create("span", { class: "legend-ghost" }, mark, name));
}

/**
 * @param {Run} run
 * @param {number} step
 * @param {Context["t"]} t
 * @returns {string}  a few words; empty while the run goes on
 */
function describeEnd(run, step, t) {
  if (run.refused) return t("views.legend.refused", { run: run.refused });
  const ended = earlyEnd(run, step);
  return ended === null ? "" : t(`views.legend.ended.${ended.reason}`, { step: stepOfEnd(ended) });
}
