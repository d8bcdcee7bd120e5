/**
 * The first choice that a person makes: what is minimised. A list of all problems, with the truth about the chosen one.
 */

import { html, useRef } from "../../../vendor/preact/htm-preact.js";
import { chooseProblem } from "../../state/choose-problem.js";
import { Formula } from "../parts/choice-notes.js";
import { ExpressionField } from "./expression-field.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/types.js").Problem} Problem
 */

const GROUPS = /** @type {const} */ ([
  { kind: "dataset", title: "controls.problem.networks" },
  { kind: "function", title: "controls.problem.functions" },
]);

export function ProblemPicker() {
  const { t, state, problem, catalog, know } = usePage();
  const title = problem.title;
  const isWritten = problem.options.includes("expression");
  const expression = state.expression ?? problem.option_defaults.expression;
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  const isKnown = useRef(false);
  /** @param {any} event */
  const onToggle = async (event) => {
    if (event.newState !== "open" || button.current === null || panel.current === null) return;
    place(panel.current, button.current);
    if (isKnown.current) return;
    event.preventDefault(); // it opens once all is known that there is to read
    await know("problems", ...catalog.problems.map(({ name }) => name));
    isKnown.current = true;
    panel.current.showPopover();
  };
  return html`<div class="picker">
    <button
      ref=${button}
      id="problem-picker"
      type="button"
      class="picker-button"
      popovertarget="problem-panel"
    >
      <span class="picker-label">${isWritten ? title : t("controls.problem.label")}</span>
      <span class="picker-value">${isWritten ? html`<code>${expression}</code>` : title}</span>
      <${Icon} name="chevron" />
    </button>
    <div
      ref=${panel}
      id="problem-panel"
      class="panel-popover"
      popover="auto"
      role="dialog"
      aria-label=${t("controls.problem.choose")}
      onBeforeToggle=${onToggle}
    >
      <div class="picker-list">
        ${GROUPS.map((group) => html`<${Group} key=${group.kind} ...${group} />`)}
      </div>
      <${About} problem=${problem} />
    </div>
  </div>`;
}

/**
 * Below its button, and within the window.
 *
 * @param {HTMLElement} panel
 * @param {HTMLElement} button
 */
function place(panel, button) {
  const { left, bottom } = button.getBoundingClientRect();
  panel.style.setProperty("--left", `${left}px`);
  panel.style.setProperty("--top", `${bottom + 6}px`);
}

/** @param {{kind: Problem["kind"], title: string}} props */
function Group({ kind, title: heading }) {
  const { t, catalog, state, edit } = usePage();
  return html`<fieldset class="picker-group">
    <legend>${t(heading)}</legend>
    ${catalog.problems
      .filter((problem) => problem.kind === kind)
      .map(
        (problem) =>
          html`<label key=${problem.name} class="picker-option">
            <input
              type="radio"
              name="problem"
              value=${problem.name}
              checked=${state.problem === problem.name}
              autofocus=${state.problem === problem.name}
              onChange=${() => edit((now) => chooseProblem(now, catalog, problem.name))}
            />
            <span>${problem.title}</span>
          </label>`,
      )}
  </fieldset>`;
}

/** @param {{problem: Problem}} props */
function About({ problem }) {
  const { t } = usePage();
  return html`<section class="picker-about" aria-label=${t("controls.problem.about")}>
    <h2>${problem.title}</h2>
    <p>${problem.description}</p>
    ${
      problem.options.includes("expression")
        ? html`<${ExpressionField} />`
        : html`<${Formula} markup=${problem.formula} />`
    }
    ${problem.kind === "dataset" && html`<p class="notes-aside">${t("controls.problem.symbols")}</p>`}
    <dl class="facts">
      <${Fact} name=${t("controls.problem.loss")}><code>${problem.loss}</code><//>
      ${problem.kind === "function" && problem.bounds !== undefined && html`<${Fact} name=${t("controls.problem.bounds")}>${ranges(problem.bounds)}<//>`}
      ${problem.start !== null && html`<${Fact} name=${t("controls.problem.start")}>${point(problem.start)}<//>`}
      <${Points} name=${t("controls.problem.minima")} points=${problem.minima} />
      <${Points} name=${t("controls.problem.saddles")} points=${problem.saddles} />
      ${problem.citation !== "" && html`<${Fact} name=${t("controls.problem.citation")}>${problem.citation}<//>`}
    </dl>
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
