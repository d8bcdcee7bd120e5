/**
 * The fair race in the place Tune: what the sweep has tuned is judged on other seeds, and told as a table.
 */

import { PageProvider } from "../controls/parts/page.js";
import { RaceTable } from "../controls/tune/race-table.js";
import { Racing } from "../session/racing.js";
import { comparesProblems, judgingOf, tunedIn } from "../state/sweep/race.js";
import { countOf, seedsOf } from "../state/sweep/request.js";
import { create } from "../views/drawing/dom.js";
import { html, render } from "../../vendor/preact/htm-preact.js";

/**
 * @typedef {import("../controls/parts/page.js").Page} Page
 * @typedef {import("../state/sweep/cells.js").Picture} Picture
 * @typedef {import("../state/sweep/race.js").Judged} Judged
 * @typedef {import("../session/opening.js").Budget} Budget
 *
 * @typedef {object} RaceActs
 * @property {(slot: number) => import("../views/tune/figures.js").Look} look
 * @property {(judged: Judged[], budgets: Map<number, Budget>) => void} onOpen  each at its best
 */

export class TuneRace {
  element = create("div", { class: "tune-race" });
  #racing;

  /**
   * @param {import("../api/sweeps.js").SweepApi} api
   * @param {() => void} onChange
   */
  constructor(api, onChange) {
    this.#racing = new Racing(api, onChange);
  }

  /** Nobody waits any longer. */
  leave() {
    this.#racing.leave();
  }

  /**
   * @param {Page} page
   * @param {Picture} picture  that is whole
   * @returns {import("../state/sweep/request.js").Ask[]}  the sweeps that judge it
   */
  judging({ state, problem }, picture) {
    const { sweep } = state;
    const seeds = seedsOf(state, problem, sweep.seeds, sweep.judged);
    const isRace = seeds !== undefined && !comparesProblems(picture.sweeps.map(({ ask }) => ask));
    return isRace ? judgingOf(tunedIn(picture), seeds, sweep.target) : [];
  }

  /** Why the judging came to nothing; null if it did not. */
  get trouble() {
    return this.#racing.trouble;
  }

  /**
   * @param {Page} page
   * @param {Picture | null} picture
   * @param {boolean} isStale
   * @param {RaceActs} acts
   */
  update(page, picture, isStale, acts) {
    render(
      html`<${PageProvider} value=${page}>${this.#told(page, picture, isStale, acts)}<//>`,
      this.element,
    );
  }

  /**
   * @param {Page} page
   * @param {Picture | null} picture
   * @param {boolean} isStale
   * @param {RaceActs} acts
   */
  #told({ state, problem, t }, picture, isStale, { look, onOpen }) {
    const { sweep } = state;
    const tuned = seedsOf(state, problem);
    const seeds = seedsOf(state, problem, sweep.seeds, sweep.judged);
    const asks = picture?.sweeps.map(({ ask }) => ask) ?? [];
    if (tuned === undefined || seeds === undefined) return html`<p>${t("controls.tune.race.noSeeds")}</p>`;
    if (comparesProblems(asks)) return html`<p>${t("controls.tune.race.problem")}</p>`;
    const isWhole = picture?.sweeps.every(({ summary }) => summary !== null) ?? false;
    if (picture !== null && isWhole && !isStale) this.#racing.judge(picture, seeds, sweep.target);
    const { judged, isJudging } = this.#racing;
    if (judged === null || asks.length === 0) {
      const told = isJudging ? "judging" : "tuning";
      return html`<p class="tune-note" role="status">${t(`controls.tune.race.${told}`)}</p>`;
    }
    const { axes } = asks[0].body;
    const runs = axes.reduce((product, axis) => product * countOf(axis), tuned.length);
    const budget = { runs, steps: stepsOf(picture, runs), tuned, judged: seeds };
    const budgets = new Map(
      judged.map(({ slot, median }) => [slot, { runs, steps: budget.steps, seeds: seeds.length, median }]),
    );
    return html`<${RaceTable}
      judged=${judged}
      look=${look}
      budget=${budget}
      isStale=${isStale || isJudging}
      onOpen=${() => onOpen(judged, budgets)}
    />`;
  }
}

/**
 * The steps of so many runs of a picture.
 *
 * @param {Picture | null} picture
 * @param {number} runs
 */
function stepsOf(picture, runs) {
  const started = picture?.sweeps[0].cells?.started;
  const along = started?.axes.find(({ path }) => path === "/steps")?.values.map(Number);
  if (along === undefined) return runs * Number(started?.runs[0].steps ?? 0);
  return (runs / along.length) * along.reduce((sum, steps) => sum + steps, 0);
}
