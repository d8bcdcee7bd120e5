/**
 * Things to try, a press each: what was done is told with where to look, and one press takes it back.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { formatNumber } from "../../views/drawing/numbers.js";
import { editRun } from "../../state/edits.js";
import { atRate, dropStart, freezeLayer, otherKind, runToChange, runToRaise } from "../../state/offers.js";
import { isWatchedCard } from "../../state/watched.js";
import { usePage } from "../parts/page.js";
import { findExplosion } from "./explosion.js";
import { pointAt } from "./point.js";

/**
 * @typedef {import("../../state/types.js").State} State
 * @typedef {import("../../languages/translator.js").Params} Params
 *
 * @typedef {object} Told  what was done, or why nothing was
 * @property {string} key
 * @property {Params} [params]
 * @property {{key: string, params?: Params}[]} [more]  sentences that follow
 * @property {Partial<State>} patch  as long as the state has it, that is true
 * @property {boolean} [isEdit]  whether it can be taken back
 */

export function Offers() {
  const page = usePage();
  const { t, state, catalog, problem, edit, undo, replay } = page;
  const [told, setTold] = useState(/** @type {Told | null} */ (null));
  const [isTrying, setIsTrying] = useState(false);
  const isFunction = problem.kind === "function";
  const label = page.runs.find((_, i) => state.runs[i].slot === state.selected)?.label ?? "";

  /**
   * @param {Told} done
   * @param {string} [lookAt]  a selector
   */
  const make = (done, lookAt) => {
    setTold({ ...done, isEdit: true });
    undo.part();
    edit(done.patch);
    replay();
    if (lookAt !== undefined) requestAnimationFrame(() => pointAt(lookAt));
  };

  /**
   * @param {string} key
   * @param {Params} [params]
   */
  const tellWhyNot = (key, params) => {
    const { problem: name, runs, start, seed } = state;
    setTold({ key, params, patch: { problem: name, runs, start, seed } });
  };

  const explode = async () => {
    setIsTrying(true);
    const found = await findExplosion(page).catch(() => null);
    setIsTrying(false);
    if (found === null) return tellWhyNot("busy");
    const { run, explosion, highest: most } = found;
    if (explosion === null) return tellWhyNot("holds", { run: label, lr: most });
    const { lr, before, step, from } = explosion;
    const [start, highest] = [explosion.start, explosion.highest].map((loss) => formatNumber(loss, 3));
    const params = { run: label, lr, step: step ?? 0, from: from ?? 0, start, highest };
    const more =
      before === null ? [] : [{ key: step === null ? "lessBefore" : "notBefore", params: { lr: before } }];
    const patch = editRun(state, run.slot, atRate(run, lr, catalog));
    make(
      { key: explosionKey(explosion), params, more: [...more, { key: "lookAtLoss" }], patch },
      "[data-series=loss], .legend-run[aria-pressed=true]",
    );
  };
  const freeze = () => {
    const found = freezeLayer(state, catalog, problem);
    if (found === null) return tellWhyNot("frozenAll");
    const params = { run: label, layer: found.layer };
    make({ key: isFunction ? "frozenThere" : "frozen", params, patch: found.patch }, "#network");
  };
  const drop = () => {
    const { patch, params } = dropStart(state, problem);
    make({ key: droppedOn(problem), params, patch }, ".start-handle");
  };
  const goOn = () =>
    make({
      key: isFunction ? "arrivedNetwork" : "arrivedFunction",
      patch: otherKind(state, catalog, problem),
    });
  const takeBack = () => {
    undo.undo();
    setTold(null);
    replay();
  };

  const isMade = told !== null && has(state, told.patch);
  const isWatched = state.runs.every(isWatchedCard);
  /** @type {Pick<Told, "key" | "params" | "more">} */
  const said = isMade ? told : { key: isWatched ? "beginWatched" : beginOn(problem) };
  const offers = [
    { name: "explode", act: explode, disabled: isTrying || runToRaise(state, catalog) === null },
    { name: "freeze", act: freeze, disabled: runToChange(state) === null },
    { name: isFunction ? "dropPoint" : "dropWeights", act: drop, disabled: isWatched },
  ];
  return html`<div class="offers" role="group" aria-label=${t("controls.offers.label")}>
      <h2>${t("controls.offers.title")}</h2>
      ${offers.map(
        ({ name, act, disabled = false }) =>
          html`<button key=${name} type="button" class="offer" disabled=${disabled} onClick=${act}>
            ${t(`controls.offers.${name}`)}
          </button>`,
      )}
      <button type="button" class="offer offer-way" onClick=${goOn}>
        ${t(`controls.offers.way.${isFunction ? "function" : "network"}`)}
      </button>
    </div>
    <p class="offers-told">
      <span role="status"
        >${[said, ...(said.more ?? [])].map(({ key, params }) => t(`controls.offers.told.${key}`, params)).join(" ")}</span
      >
      ${
        isMade &&
        told.isEdit &&
        html`<button type="button" class="button-link" onClick=${takeBack}>
          ${t("controls.offers.undo")}
        </button>`
      }
    </p>`;
}

/**
 * What a function is said to be at first: with what its marks mean, if it has them.
 *
 * @param {import("../../state/types.js").Problem} problem
 */
function beginOn({ kind, minima = [], saddles = [] }) {
  if (kind !== "function") return kind === "matrix" ? "beginMatrix" : "beginNetwork";
  return minima.length > 0 && saddles.length > 0 ? "beginMarked" : "beginFunction";
}

/** @param {import("../../state/types.js").Problem} problem */
function droppedOn({ kind }) {
  if (kind !== "function") return kind === "matrix" ? "droppedMatrix" : "droppedWeights";
  return "droppedPoint";
}

/** @param {import("./explosion.js").Explosion} explosion */
function explosionKey({ step, from }) {
  if (step === null) return "grows";
  return from === null ? "diverges" : "explodes";
}

/**
 * Whether a state still has what was done, wherever the clock stands.
 *
 * @param {State} state
 * @param {Partial<State>} patch
 */
function has(state, patch) {
  const { step: _, ...made } = patch;
  return Object.entries(made).every(([field, value]) => Object.is(/** @type {any} */ (state)[field], value));
}
