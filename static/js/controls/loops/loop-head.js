/**
 * The watched run that is open: what it is, what is looked at of it, and what cannot be done with it.
 */

import { html, useEffect, useRef } from "../../../vendor/preact/htm-preact.js";
import { isComparable } from "../../state/kept-runs.js";
import { opened } from "../../state/loops/opened.js";
import { useKeptRuns } from "../kept/kept-list.js";
import { dateOf } from "../kept/kept-words.js";
import { SelectField } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { lifeOf, modelOf } from "./loop-words.js";

/**
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("../../state/types.js").Loops} Look
 */

/**
 * @param {object} props
 * @param {KeptRun} props.run
 * @param {readonly Look["x"][]} props.axes  what its charts may go over
 * @param {Look["x"]} props.axis  what they go over
 * @param {boolean} props.isChosen  whether somebody has come to it from another run, or from the list
 * @param {boolean} props.isEvery  whether every step was recorded
 */
export function LoopHead({ run, axes, axis, isChosen, isEvery }) {
  const { t, words } = usePage();
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const { activeElement } = document;
    const isLost = activeElement === document.body || activeElement?.checkVisibility() !== true;
    if (isChosen && isLost) title.current?.focus(); // the list has given way to it
  }, [run.id]);
  const facts = [lifeOf(run, t), ...modelOf(run, t), dateOf(run.created, words.tag)];
  return html`<header class="loop-head">
    <${Back} />
    <h2 ref=${title} class="loop-title" tabindex="-1">${run.name}</h2>
    <p class="kept-facts">${facts.map((fact) => html`<span key=${fact}>${fact}</span>`)}</p>
    <div class="loop-fields">
      <${Beside} run=${run} />
      <${Axis} axes=${axes} axis=${axis} />
      <${Compare} run=${run} isEvery=${isEvery} />
    </div>
    <p class="loop-note">${t("controls.loops.noConfig")} <code>no_config</code></p>
  </header>`;
}

/** The way to the list, where there is no room for both. */
export function Back() {
  const { t, edit } = usePage();
  return html`<button
    type="button"
    class="button loop-back"
    onClick=${() => edit(({ loops }) => ({ loops: opened(loops, null) }))}
  >
    <${Icon} name="left" />${t("controls.loops.back")}
  </button>`;
}

/**
 * Puts a small run among those of Compare.
 *
 * @param {{run: KeptRun, isEvery: boolean}} props
 */
function Compare({ run, isEvery }) {
  const { t, state, catalog, kept, edit } = usePage();
  const most = catalog.limits.max_compared_runs;
  const isThere = state.runs.some((one) => one.kept?.id === run.id);
  const isOfScalars = run.source?.format === "tensorboard";
  const hindrance = !isComparable(run)
    ? t(`controls.loops.compare.${isOfScalars ? "scalars" : "byLayer"}`)
    : !isEvery
      ? t("controls.loops.compare.gaps")
      : !isThere && state.runs.length >= most
        ? t("controls.runs.full", { count: most })
        : null;
  const go = () => {
    kept.add(run);
    edit({ place: "compare", lesson: null, page: 0 });
  };
  return html`<div class="loop-compare">
    <button
      type="button"
      class="button"
      disabled=${hindrance !== null}
      data-hint=${t("controls.loops.compare.hint")}
      onClick=${go}
    >
      <${Icon} name="right" />${t(`controls.loops.compare.${isThere ? "show" : "add"}`)}
    </button>
    ${hindrance !== null && html`<p class="loop-note">${hindrance}</p>`}
  </div>`;
}

/** @param {{run: KeptRun}} props */
function Beside({ run }) {
  const { t, state, edit } = usePage();
  const { page } = useKeptRuns("", true);
  const others = (page?.runs ?? []).filter(({ id }) => id !== run.id);
  const { beside } = state.loops;
  const isThere = beside === null || others.some(({ id }) => id === beside);
  const options = [
    { value: "", label: t("controls.loops.none") },
    ...others.map(({ id, name }) => ({ value: id, label: name })),
    ...(isThere || beside === null ? [] : [{ value: beside, label: beside }]),
  ];
  return html`<${SelectField}
    id="loop-beside"
    label=${t("controls.loops.beside")}
    value=${beside ?? ""}
    options=${options}
    onChange=${(/** @type {string} */ id) =>
      edit(({ loops }) => ({ loops: { ...loops, beside: id === "" ? null : id } }))}
  />`;
}

/** @param {{axes: readonly Look["x"][], axis: Look["x"]}} props */
function Axis({ axes, axis }) {
  const { t, edit } = usePage();
  return html`<${SelectField}
    id="loop-x"
    label=${t("controls.loops.x")}
    value=${axis}
    options=${axes.map((value) => ({ value, label: t(`controls.loops.axis.${value}`) }))}
    onChange=${(/** @type {Look["x"]} */ x) => edit(({ loops }) => ({ loops: { ...loops, x } }))}
  />`;
}
