/**
 * What all runs share: the network or the start, the data, and how long and how precisely to train.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { averageAll } from "../../state/average.js";
import { suggestedState } from "../../state/configs.js";
import { changeHidden } from "../../state/groups.js";
import { layerNames } from "../../state/layers.js";
import { samplesOf } from "../../state/samples.js";
import { isWatchedCard } from "../../state/watched.js";
import { formatTick } from "../../views/drawing/numbers.js";
import { averageNamed, averageOptions } from "../recipe/average-part.js";
import { Errors, isShared } from "../parts/errors.js";
import { Field, SelectField } from "../parts/field.js";
import { NumberField, PairField, PlainNumber } from "../parts/number-field.js";
import { Icon } from "../parts/icons.js";
import { sharedError, usePage } from "../parts/page.js";
import { batchScale } from "../parts/scale.js";

/**
 * @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter
 * @typedef {import("../../state/types.js").State} State
 * @typedef {import("../parts/page.js").FieldProblem} FieldProblem
 */

/** How far the slider of the steps goes; the field takes up to the server's limit. */
const STEPS_AT_HAND = 2000;
/** Seeds that the dice throws: short enough to tell someone. */
const DICE = 1000;

/** Pointers whose controls are in the header. */
const IN_HEADER = /^\/problem\/(name|expression|bounds|points)/;

/** @param {{open: boolean}} props */
export function Setup({ open }) {
  const page = usePage();
  const { t, state, problem } = page;
  const { kind } = problem;
  const errors = page.runs.flatMap((run) => run.errors).filter(isShared);
  const isInHeader = (/** @type {FieldProblem} */ { pointer }) => IN_HEADER.test(pointer);
  return html`<details class="setup" open=${open || undefined}>
      <summary>
        <span class="setup-title fold-mark">${t("controls.setup.title")}</span>
        <span class="setup-summary">${told(page)}</span>
      </summary>
      <div class="setup-body">
        ${kind === "function" && html`<${Start} />`} ${kind === "dataset" && html`<${Network} />`}
        ${kind !== "function" && html`<${Weights} />`}
        <${Steps} />
        ${kind === "dataset" && html`<${Batch} />`}
        ${kind === "dataset" && state.batchSize !== null && html`<${BatchSeed} />`}
        <${Precision} />
        <${Average} />
        <${DataOptions} />
        <${Reset} />
      </div>
    </details>
    <${Errors} errors=${errors.filter(isInHeader)} className="card-errors setup-errors" />
    <div class="setup-inside">
      <${Errors}
        errors=${errors.filter((error) => !isInHeader(error))}
        className="card-errors setup-errors"
      />
    </div>`;
}

/**
 * What is set up; where only loops that are not ours are shown, it is of runs to come.
 *
 * @param {import("../parts/page.js").Page} page
 */
function told(page) {
  const summary = summarise(page);
  return page.state.runs.every(isWatchedCard) ? page.t("controls.setup.toCome", { summary }) : summary;
}

/** @param {import("../parts/page.js").Page} page */
function summarise({ t, state, problem }) {
  const { steps, activation, seed, hidden, weights } = state;
  if (problem.kind === "function") {
    const [x, y] = startOf(state, problem).map(formatTick);
    return t("controls.setup.functionSummary", { x, y, steps });
  }
  if (problem.kind === "matrix") {
    const shapes = (problem.parameters ?? []).map(({ name, shape }) => `${name} ${shape.join("×")}`);
    return t(`controls.setup.${weights === null ? "matrix" : "givenMatrix"}Summary`, { shapes, seed, steps });
  }
  const layers = [problem.inputs ?? 2, ...hidden, problem.outputs ?? 1].join("-");
  if (weights !== null) return t("controls.setup.givenSummary", { layers, activation, steps });
  return t("controls.setup.summary", { layers, activation, seed, steps });
}

/**
 * @param {State} state
 * @param {import("../../state/types.js").Problem} problem
 * @returns {[number, number]}  without what sums in floating point leave behind
 */
function startOf({ start }, problem) {
  const [x, y] = start ?? problem.start ?? [0, 0];
  return [Number(x.toPrecision(12)), Number(y.toPrecision(12))];
}

function Network() {
  const { t, state, catalog, edit, ...page } = usePage();
  const { max_hidden_layers: most, max_hidden_units: widest } = catalog.limits;
  const { hidden } = state;
  const names = layerNames(hidden);
  /**
   * @param {number} index
   * @param {number} units
   */
  const setUnits = (index, units) =>
    edit({ hidden: hidden.map((old, i) => (i === index ? units : old)), weights: null });
  /** @param {number[]} next  of another depth */
  const setHidden = (next) => edit((now) => changeHidden(now, next));
  return html`
    <${Field}
      label=${t("controls.setup.hidden")}
      error=${sharedError({ t, state, catalog, edit, ...page }, "/model/hidden")}
    >
      <div class="chips">
        ${hidden.map(
          (units, index) =>
            html`<${UnitsChip}
              key=${index}
              layer=${names[index]}
              units=${units}
              most=${widest}
              onChange=${(/** @type {number} */ next) => setUnits(index, next)}
            />`,
        )}
        <span class="chip-actions">
          <button
            type="button"
            class="icon-button"
            aria-label=${t("controls.setup.removeLayer")}
            data-hint=${t("controls.setup.removeLayer")}
            disabled=${hidden.length === 0}
            onClick=${() => setHidden(hidden.slice(0, -1))}
          >
            <${Icon} name="minus" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label=${t("controls.setup.addLayer")}
            data-hint=${t("controls.setup.addLayer")}
            disabled=${hidden.length >= most}
            onClick=${() => setHidden([...hidden, hidden[hidden.length - 1] ?? 2])}
          >
            <${Icon} name="plus" />
          </button>
        </span>
      </div>
    <//>
    <${SelectField}
      id="setup-activation"
      label=${t("controls.setup.activation")}
      value=${state.activation}
      options=${catalog.activations.map(({ name }) => ({ value: name, label: name }))}
      onChange=${(/** @type {string} */ activation) => edit({ activation })}
    />
  `;
}

/** Where the weights begin: with those of a seed, or with given ones. */
function Weights() {
  const { t, state, catalog, edit } = usePage();
  return html`
    <${NumberField}
      id="setup-seed"
      declared=${aSeed(catalog)}
      label=${t("controls.setup.seed")}
      value=${state.seed}
      onChange=${(/** @type {number} */ seed) => edit({ seed, weights: null })}
    >
      <button
        type="button"
        class="icon-button"
        aria-label=${t("controls.setup.dice")}
        data-hint=${t("controls.setup.dice")}
        onClick=${() => edit({ seed: Math.floor(Math.random() * DICE), weights: null })}
      >
        <${Icon} name="dice" />
      </button>
    <//>
    ${state.weights !== null && html`<${GivenWeights} />`}
  `;
}

/** That the network begins with weights that were given, and not with the seed's. */
function GivenWeights() {
  const { t, edit } = usePage();
  return html`<p class="setup-given">
    ${t("controls.setup.weights")}
    <button type="button" class="button button-quiet" onClick=${() => edit({ weights: null })}>
      <${Icon} name="dice" />${t("controls.setup.weightsOfSeed")}
    </button>
  </p>`;
}

/**
 * @param {object} props
 * @param {string} props.layer
 * @param {number} props.units
 * @param {number} props.most
 * @param {(units: number) => void} props.onChange
 */
function UnitsChip({ layer, units, most, onChange }) {
  const { t } = usePage();
  return html`<span class="chip" role="group" aria-label=${t("controls.setup.units", { layer })}>
    <button
      type="button"
      class="chip-step"
      aria-label=${t("controls.setup.fewer", { layer })}
      disabled=${units <= 1}
      onClick=${() => onChange(units - 1)}
    >
      <${Icon} name="minus" />
    </button>
    <output class="chip-units">${units}</output>
    <button
      type="button"
      class="chip-step"
      aria-label=${t("controls.setup.more", { layer })}
      disabled=${units >= most}
      onClick=${() => onChange(units + 1)}
    >
      <${Icon} name="plus" />
    </button>
  </span>`;
}

function Start() {
  const page = usePage();
  const { t, state, problem, edit } = page;
  const declared = /** @type {Hyperparameter} */ ({
    name: "start",
    kind: "pair",
    default: null,
    description: "",
  });
  return html`<${PairField}
    id="setup-start"
    declared=${declared}
    label=${t("controls.setup.start")}
    labels=${[t("controls.setup.startX"), t("controls.setup.startY")]}
    value=${startOf(state, problem)}
    error=${sharedError(page, "/model/start")}
    onChange=${(/** @type {[number, number]} */ start) => edit({ start })}
  />`;
}

function Steps() {
  const page = usePage();
  const { t, state, catalog, edit } = page;
  const bounds = { minimum: 1, maximum: catalog.limits.max_steps };
  const declared = { ...aNumber("steps", "int", STEPS_AT_HAND / 10), scale: "log", ...bounds };
  return html`<${NumberField}
    id="setup-steps"
    declared=${declared}
    label=${t("controls.setup.steps")}
    value=${state.steps}
    error=${sharedError(page, "/steps")}
    onChange=${(/** @type {number} */ steps) => edit({ steps })}
  />`;
}

function Batch() {
  const page = usePage();
  const { t, state, problem, catalog, edit } = page;
  const samples = samplesOf(state, problem);
  return html`<${NumberField}
    id="setup-batch"
    declared=${{ ...aNumber("batch_size", "int", null), minimum: 1, maximum: catalog.limits.max_samples }}
    label=${t("controls.setup.batchSize")}
    value=${state.batchSize}
    none=${samples}
    noneText=${t("controls.setup.wholeBatch")}
    scale=${batchScale(samples)}
    error=${sharedError(page, "/batch_size")}
    onChange=${(/** @type {number | null} */ batchSize) => edit({ batchSize })}
  />`;
}

function BatchSeed() {
  const page = usePage();
  const { t, state, problem, catalog, edit } = page;
  const dataSeed = state.dataSeed ?? problem.option_defaults.seed ?? 0;
  return html`<${PlainNumber}
    id="setup-batch-seed"
    label=${t("controls.setup.batchSeed")}
    hint=${t("controls.setup.batchSeedHint")}
    value=${state.batchSeed}
    none=${String(dataSeed)}
    bounds=${{ minimum: 0, maximum: catalog.limits.max_seed }}
    error=${sharedError(page, "/batch_seed")}
    onChange=${(/** @type {number | null} */ batchSeed) => edit({ batchSeed })}
  />`;
}

function Precision() {
  const { t, state, edit } = usePage();
  return html`<${SelectField}
    id="setup-dtype"
    label=${t("controls.setup.dtype")}
    value=${state.dtype}
    options=${["float32", "float64"].map((name) => ({ value: name, label: name }))}
    onChange=${(/** @type {State["dtype"]} */ dtype) => edit({ dtype })}
  />`;
}

/** What all runs average: a choice that each card can depart from. */
function Average() {
  const { t, state, edit } = usePage();
  const runs = state.runs.filter(({ kept }) => kept === undefined);
  const names = new Set(runs.map(({ average }) => average?.name ?? ""));
  const differs = { value: "differs", label: t("controls.average.differs"), disabled: true };
  return html`<${SelectField}
    id="setup-average"
    label=${t("controls.average.title")}
    hint=${t("controls.average.hint")}
    value=${names.size > 1 ? differs.value : [...names].join()}
    options=${[...averageOptions(t), ...(names.size > 1 ? [differs] : [])]}
    onChange=${(/** @type {string} */ name) => edit((now) => averageAll(now, averageNamed(name, undefined, now.steps)))}
  />`;
}

function DataOptions() {
  const page = usePage();
  const { t, state, problem, catalog, edit } = page;
  const standard = (/** @type {"samples" | "noise" | "seed"} */ option) =>
    Number(problem.option_defaults[option]);
  const samples = { minimum: 2, maximum: catalog.limits.max_samples, scale: /** @type {const} */ ("log") };
  const noise = { minimum: 0, maximum: catalog.limits.max_noise };
  const options = /** @type {const} */ ([
    {
      option: "samples",
      field: "samples",
      declared: { ...aNumber("samples", "int", standard("samples")), ...samples },
    },
    {
      option: "noise",
      field: "noise",
      declared: { ...aNumber("noise", "float", standard("noise")), ...noise },
    },
    { option: "seed", field: "dataSeed", declared: aSeed(catalog) },
  ]);
  return options
    .filter(({ option }) => problem.options.includes(option))
    .map(
      ({ option, field, declared }) =>
        html`<${NumberField}
          key=${option}
          id=${`setup-${field}`}
          declared=${declared}
          label=${t(`controls.setup.data.${option === "seed" && problem.kind !== "dataset" ? "drawn" : option}`)}
          value=${state[field]}
          none=${standard(option)}
          error=${sharedError(page, `/problem/${option}`)}
          onChange=${(/** @type {number | null} */ value) => edit({ [field]: value })}
        />`,
    );
}

/**
 * What a field of the setup takes, as the catalog declares arguments.
 *
 * @param {string} name
 * @param {"int" | "float"} kind
 * @param {number | null} standard
 * @returns {Hyperparameter}
 */
function aNumber(name, kind, standard) {
  return /** @type {Hyperparameter} */ ({ name, kind, default: standard, description: "" });
}

/** @param {import("../../state/types.js").Catalog} catalog */
function aSeed({ limits: { max_seed: maximum } }) {
  return { ...aNumber("seed", "int", 0), minimum: 0, maximum };
}

function Reset() {
  const { t, state, catalog, edit } = usePage();
  const { runs: _, ...own } = suggestedState(catalog, state.problem);
  const fields = /** @type {(keyof typeof own)[]} */ (Object.keys(own));
  const isOwn = fields.every((field) => JSON.stringify(state[field]) === JSON.stringify(own[field]));
  return html`<button type="button" class="button button-quiet" disabled=${isOwn} onClick=${() => edit(own)}>
    <${Icon} name="reset" />${t("controls.setup.reset")}
  </button>`;
}
