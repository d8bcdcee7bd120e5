/**
 * The list of problems, with the truth about the one that is looked at. A listbox: arrows look, a key or a click chooses.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { problemOf } from "../../state/catalog.js";
import { chooseProblem } from "../../state/choose-problem.js";
import { actOf } from "../../keys.js";
import { Formula } from "../parts/choice-notes.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { ExpressionField } from "./expression-field.js";
import { PointsField } from "./points-field.js";
import { RaceTable } from "./race-table.js";
import { ProblemPicture } from "./problem-picture.js";

/**
 * @typedef {import("../../state/types.js").Problem} Problem
 */

const GROUPS = /** @type {const} */ ([
  { id: "function", title: "controls.problem.functions" },
  { id: "dataset", title: "controls.problem.networks" },
  { id: "matrix", title: "controls.problem.matrices" },
  { id: "failure", title: "controls.problem.failures" },
]);

/** What somebody writes themselves of a problem. */
const FIELDS = { expression: ExpressionField, points: PointsField };

/** @param {{onClose: () => void}} props */
export function ProblemPanel({ onClose }) {
  const { t, state, catalog, problem: chosenProblem, know, edit } = usePage();
  const [looked, setLooked] = useState(state.problem);
  const [isKnown, setIsKnown] = useState(false);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const problem = looked === state.problem ? chosenProblem : problemOf(catalog, looked);
  useEffect(() => {
    void know("problems", ...catalog.problems.map(({ name }) => name)).then(() => setIsKnown(true));
  }, []);
  useEffect(() => {
    if (isKnown) list.current?.focus({ preventScroll: true });
  }, [isKnown]);
  useEffect(() => {
    document.getElementById(optionId(looked))?.scrollIntoView({ block: "nearest" });
  }, [looked, isKnown]);
  if (!isKnown) return null;

  /** @param {Problem} chosen */
  const choose = (chosen) => {
    if (chosen.name !== state.problem) edit((now) => chooseProblem(now, catalog, chosen.name));
    setLooked(chosen.name);
    if (writtenIn(chosen) === null) return onClose();
    requestAnimationFrame(() => document.getElementById(`problem-${writtenIn(chosen)}`)?.focus()); // there is more to say
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const act = actOf("tiles", event);
    if (act === "take") {
      event.preventDefault();
      return choose(problem);
    }
    const options = Array.from(list.current?.querySelectorAll("[role=option]") ?? []);
    const next = neighbour(/** @type {HTMLElement[]} */ (options), looked, act);
    if (next === null) return;
    event.preventDefault();
    setLooked(next);
  };
  return html`<div
      ref=${list}
      class="picker-list"
      role="listbox"
      tabindex="0"
      aria-label=${t("controls.problem.choose")}
      aria-activedescendant=${optionId(looked)}
      onKeyDown=${onKeyDown}
    >
      ${GROUPS.map(
        ({ id, title }) =>
          html`<div key=${id} class="picker-group" role="group" aria-labelledby=${`problems-${id}`}>
            <div id=${`problems-${id}`} class="picker-heading" role="presentation">${t(title)}</div>
            <div class="picker-tiles" role="presentation">
              ${catalog.problems
                .filter((one) => groupOf(one) === id)
                .map(
                  (one) =>
                    html`<div
                      key=${one.name}
                      id=${optionId(one.name)}
                      class="picker-option"
                      role="option"
                      aria-selected=${String(one.name === state.problem)}
                      data-name=${one.name}
                      data-active=${one.name === looked || undefined}
                      onClick=${() => choose(one)}
                    >
                      <${ProblemPicture} picture=${one.picture} />
                      <span>${one.title}</span>
                    </div>`,
                )}
            </div>
          </div>`,
      )}
    </div>
    <${About} problem=${problem} isChosen=${problem.name === state.problem} />
    <button
      type="button"
      class="icon-button picker-close"
      aria-label=${t("controls.problem.close")}
      onClick=${onClose}
    >
      <${Icon} name="close" />
    </button>`;
}

/** @param {Problem} problem */
function groupOf({ kind, failure }) {
  return failure === "" ? kind : "failure";
}

/** @param {string} name */
function optionId(name) {
  return `problem-option-${name}`;
}

/** @param {Problem} problem  @returns {keyof typeof FIELDS | null} */
function writtenIn({ options }) {
  const written = /** @type {(keyof typeof FIELDS)[]} */ (Object.keys(FIELDS));
  return written.find((option) => options.includes(option)) ?? null;
}

/**
 * The option that a key leads to, as the tiles lie: within a row, or the nearest of the next.
 *
 * @param {HTMLElement[]} options
 * @param {string} name  of the one that is looked at
 * @param {string | null} act
 * @returns {string | null}
 */
function neighbour(options, name, act) {
  const at = options.findIndex(({ dataset }) => dataset.name === name);
  const places = { left: at - 1, right: at + 1, first: 0, last: options.length - 1 };
  const beside = options[places[/** @type {keyof typeof places} */ (act)]];
  if (beside !== undefined) return beside.dataset.name ?? null;
  if (act !== "down" && act !== "up") return null;
  const here = options[at].getBoundingClientRect();
  const rows = (act === "down" ? options.slice(at) : options.slice(0, at).reverse()).map((option) => ({
    ...{ option, box: option.getBoundingClientRect() },
  }));
  const row = rows.find(({ box }) => (act === "down" ? box.top > here.top : box.top < here.top));
  if (row === undefined) return null;
  const alike = rows.filter(({ box }) => box.top === row.box.top);
  alike.sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left));
  return alike[0].option.dataset.name ?? null;
}

/** @param {{problem: Problem, isChosen: boolean}} props */
function About({ problem, isChosen }) {
  const { t } = usePage();
  const written = writtenIn(problem);
  return html`<section class="picker-about" aria-label=${t("controls.problem.about")}>
    <h2>${problem.title}</h2>
    <p>${problem.description}</p>
    ${problem.failure !== "" && html`<p>${problem.failure}</p>`}
    ${isChosen && written !== null ? html`<${FIELDS[written]} />` : html`<${Formula} markup=${problem.formula} />`}
    ${problem.kind === "dataset" && html`<p class="notes-aside">${t("controls.problem.symbols")}</p>`}
    <dl class="facts">
      <${Fact} name=${t("controls.problem.loss")}><code>${problem.loss}</code><//>
      ${problem.kind === "function" && problem.bounds !== null && html`<${Fact} name=${t("controls.problem.bounds")}>${ranges(problem.bounds)}<//>`}
      ${problem.minimum !== null && html`<${Fact} name=${t("controls.problem.minimum")}>${short(problem.minimum ?? 0)}<//>`}
      ${problem.start !== null && html`<${Fact} name=${t("controls.problem.start")}>${point(problem.start)}<//>`}
      <${Points} name=${t("controls.problem.minima")} points=${problem.minima} />
      <${Points} name=${t("controls.problem.saddles")} points=${problem.saddles} />
      ${problem.citation !== "" && html`<${Fact} name=${t("controls.problem.citation")}>${problem.citation}<//>`}
    </dl>
    ${problem.race && html`<${RaceTable} race=${problem.race} />`}
  </section>`;
}

/** @param {{name: string, children?: import("../../../vendor/preact/htm-preact.js").Child}} props */
function Fact({ name, children }) {
  return html`<div class="fact">
    <dt>${name}</dt>
    <dd>${children}</dd>
  </div>`;
}

/** More stationary points than this are counted, not listed. */
const LISTED = 4;

/** @param {{name: string, points: Problem["minima"]}} props */
function Points({ name, points }) {
  const { t } = usePage();
  if (points.length === 0) return null;
  const listed = points.slice(0, LISTED);
  return html`<${Fact} name=${name}>
    <ul class="points">
      ${listed.map(
        ({ at, value }) =>
          html`<li key=${String(at)}><code>${point(at)}</code><span> → ${short(value)}</span></li>`,
      )}
      ${points.length > LISTED && html`<li>${t("controls.problem.more", { count: points.length - LISTED })}</li>`}
    </ul>
  <//>`;
}

/** @param {import("../../state/types.js").Window} bounds */
function ranges([x, y]) {
  return [x, y].map(([low, high], i) => `${"xy"[i]} ∈ [${short(low)}, ${short(high)}]`).join(", ");
}

/** @param {[number, number]} at */
function point([x, y]) {
  return `(${short(x)}, ${short(y)})`;
}

/** @param {number} value */
function short(value) {
  return String(Number(value.toPrecision(5))).replace("-", "−");
}
