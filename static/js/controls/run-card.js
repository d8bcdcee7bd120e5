/**
 * One run of the comparison: its mark, its optimizer and its loss; opened, everything that makes it.
 */

import { html } from "../../vendor/preact/htm-preact.js";
import {
  addRun,
  changeClass,
  editRun,
  freezeAllLike,
  frozenLayers,
  removeRun,
  toggleFreeze,
  valueOf,
} from "../state/edits.js";
import { layerNames } from "../state/layers.js";
import { markerPath } from "../views/markers.js";
import { ChoiceNotes } from "./choice-notes.js";
import { Field, PlainNumber, SelectField } from "./field.js";
import { Hyperparameters } from "./hyperparameters.js";
import { Icon } from "./icons.js";
import { errorAt, usePage } from "./page.js";

/**
 * @typedef {import("../state/types.js").Run} Run
 * @typedef {import("../state/types.js").Call} Call
 * @typedef {import("../state/types.js").Choice} Choice
 * @typedef {import("../state/types.js").Clip} Clip
 * @typedef {import("../state/types.js").Json} Json
 * @typedef {import("./page.js").FieldProblem} FieldProblem
 * @typedef {import("./page.js").Page["runs"][number]} RunView
 */

/**
 * @param {object} props
 * @param {Run} props.run
 * @param {RunView} props.view
 * @param {number} props.number  counted from 1
 * @param {boolean} props.open
 * @param {() => void} props.onToggle
 */
export function RunCard({ run, view, number, open, onToggle }) {
  const { t, state } = usePage();
  const name = view.label;
  const selected = state.selected === run.slot;
  const body = `run-${run.slot}-settings`;
  return html`<li>
    <article
      class=${["card", selected && "is-selected", open && "is-open", view.stale && "is-stale"].filter(Boolean).join(" ")}
      aria-label=${t("runs.card", { number, name })}
      data-run=${view.id}
    >
      <header class="card-head">
        <${Mark} view=${view} />
        <h3 class="card-title">
          <button
            type="button"
            class="card-button"
            aria-expanded=${String(open)}
            aria-controls=${open ? body : undefined}
            aria-current=${selected ? "true" : undefined}
            title=${t(open ? "runs.done" : "runs.edit", { name })}
            onClick=${onToggle}
          >
            ${run.optimizer.name}
          </button>
        </h3>
        <span class="card-loss" data-loss=${view.id} title=${t("runs.loss")}></span>
        <span class="card-chevron"><${Icon} name="chevron" /></span>
        <p class="card-summary"><${Summary} run=${run} view=${view} /></p>
        <p class="card-end" data-end=${view.id}></p>
      </header>
      ${!open && html`<${Errors} errors=${view.errors} />`}
      ${open && html`<${Settings} id=${body} run=${run} view=${view} />`}
    </article>
  </li>`;
}

/** @param {{view: RunView}} props */
function Mark({ view }) {
  return html`<svg
    class="card-mark"
    width="26"
    height="14"
    viewBox="-13 -7 26 14"
    aria-hidden="true"
    focusable="false"
  >
    <line
      x1="-13"
      x2="13"
      stroke=${view.color}
      stroke-width="2"
      stroke-dasharray=${view.dash.join(" ") || undefined}
    />
    <path d=${markerPath(view.marker, 4)} fill=${view.color} />
  </svg>`;
}

/**
 * What makes the run, in a line.
 *
 * @param {{run: Run, view: RunView}} props
 */
function Summary({ run, view }) {
  const { t, problem, state, catalog } = usePage();
  const layers = problem.kind === "function" ? [] : layerNames(state.hidden);
  const frozen = layers.filter((layer) => frozenLayers(run).has(layer));
  const warnings = view.history?.warnings ?? [];
  const lr = find(catalog.optimizers, run.optimizer.name).hyperparameters.find(({ name }) => name === "lr");
  const { lr: _, ...others } = run.optimizer.hyperparameters;
  const parts = [
    ...(lr === undefined ? [] : [`lr ${show(valueOf(run.optimizer, lr))}`]),
    ...Object.entries(others).map(([name, value]) => (value === true ? name : `${name} ${show(value)}`)),
    ...(run.lr_scheduler === null ? [] : [run.lr_scheduler.name]),
    ...(run.clip_grad === null ? [] : [run.clip_grad.name]),
  ];
  return html`<span class="code">${parts.join(" · ")}</span> ${
      frozen.length > 0 &&
      html`<span class="badge badge-lock" title=${t("runs.frozen", { layers: frozen.join(", ") })}>
        <${Icon} name="lock" /><span class="code">${frozen.join(" ")}</span>
      </span>`
    }
    ${
      warnings.length > 0 &&
      html`<span class="badge badge-warning" title=${warnings.map(({ detail }) => detail).join("\n")}>
        <${Icon} name="warning" />${t("runs.warnings", { count: warnings.length })}
      </span>`
    }`;
}

/** @param {Json} value */
function show(value) {
  return Array.isArray(value) ? `(${value.join(", ")})` : String(value);
}

/** @param {{errors: FieldProblem[]}} props */
function Errors({ errors }) {
  if (errors.length === 0) return null;
  return html`<ul class="card-errors" role="alert">
    ${errors.map(({ pointer, detail }) => html`<li key=${pointer}>${detail}</li>`)}
  </ul>`;
}

/** Pointers that a control of the card shows the errors of. */
const SHOWN_AT = ["/optimizer", "/lr_scheduler", "/clip_grad", "/freeze"];
/** Pointers that belong to what all runs share, and are shown there. */
const SHARED = ["/problem", "/model", "/steps", "/batch_size", "/dtype"];

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Run} props.run
 * @param {RunView} props.view
 */
function Settings({ id, run, view }) {
  const { t, catalog, state, edit, problem } = usePage();
  /** @param {Partial<Run>} change */
  const change = (change) => edit((now) => editRun(now, run.slot, change));
  const elsewhere = view.errors.filter(
    ({ pointer }) => ![...SHOWN_AT, ...SHARED].some((at) => pointer.startsWith(at)),
  );
  const full = state.runs.length >= catalog.limits.max_compared_runs;
  return html`<div class="card-body" id=${id}>
    <${Errors} errors=${elsewhere} />
    <${OptimizerPart} id=${id} run=${run} errors=${view.errors} change=${change} />
    <${SchedulerPart} id=${id} run=${run} errors=${view.errors} change=${change} />
    <${ClipPart} id=${id} run=${run} errors=${view.errors} change=${change} />
    ${problem.kind !== "function" && html`<${LayersPart} run=${run} errors=${view.errors} change=${change} />`}
    <${Warnings} view=${view} />
    <footer class="card-actions">
      <button
        type="button"
        class="button"
        disabled=${full}
        onClick=${() => edit((now) => addRun(now, run.slot))}
      >
        <${Icon} name="copy" />${t("runs.duplicate")}
      </button>
      <button
        type="button"
        class="button button-danger"
        disabled=${state.runs.length === 1}
        onClick=${() => edit((now) => removeRun(now, run.slot))}
      >
        <${Icon} name="trash" />${t("runs.remove")}
      </button>
    </footer>
  </div>`;
}

/**
 * @typedef {object} PartProps
 * @property {string} id
 * @property {Run} run
 * @property {FieldProblem[]} errors
 * @property {(change: Partial<Run>) => void} change
 */

/** @param {PartProps} props */
function OptimizerPart({ id, run, errors, change }) {
  const { t, local, catalog, state } = usePage();
  const choice = find(catalog.optimizers, run.optimizer.name);
  return html`<section class="part">
    <${SelectField}
      id=${`${id}-optimizer`}
      label=${t("runs.optimizer")}
      value=${run.optimizer.name}
      options=${catalog.optimizers.map(({ name, available, reason }) => ({
        value: name,
        label: available === false ? t("runs.unavailable", { name }) : name,
        disabled: available === false,
        title: reason === null || reason === undefined ? undefined : local(reason),
      }))}
      error=${ownError(errors, "/optimizer")}
      onChange=${(/** @type {string} */ name) =>
        change({ optimizer: changeClass(run.optimizer, find(catalog.optimizers, name), state.steps) })}
    />
    <${Hyperparameters}
      id=${`${id}-optimizer`}
      call=${run.optimizer}
      choice=${choice}
      errors=${below(errors, "/optimizer")}
      brief
      onChange=${(/** @type {Call} */ optimizer) => change({ optimizer })}
    />
    <${ChoiceNotes} choice=${choice} />
  </section>`;
}

/** @param {PartProps} props */
function SchedulerPart({ id, run, errors, change }) {
  const { t, catalog, state } = usePage();
  const scheduler = run.lr_scheduler;
  const simple = catalog.lr_schedulers.filter(
    ({ composite, name }) => composite !== true || name === scheduler?.name,
  );
  const choice = scheduler === null ? null : find(catalog.lr_schedulers, scheduler.name);
  return html`<section class="part">
    <${SelectField}
      id=${`${id}-scheduler`}
      label=${t("runs.scheduler")}
      value=${scheduler?.name ?? ""}
      options=${[{ value: "", label: t("runs.noScheduler") }, ...simple.map(({ name }) => ({ value: name, label: name }))]}
      error=${ownError(errors, "/lr_scheduler")}
      onChange=${(/** @type {string} */ name) =>
        change({
          lr_scheduler:
            name === "" ? null : changeClass(scheduler, find(catalog.lr_schedulers, name), state.steps),
        })}
    />
    ${
      scheduler !== null &&
      choice !== null &&
      html`<${Hyperparameters}
          id=${`${id}-scheduler`}
          call=${scheduler}
          choice=${choice}
          errors=${below(errors, "/lr_scheduler")}
          onChange=${(/** @type {Call} */ next) => change({ lr_scheduler: next })}
        />
        <${PlainNumber}
          id=${`${id}-interval`}
          label=${t("runs.interval")}
          code
          hint=${t("runs.intervalHelp")}
          value=${typeof scheduler.interval === "number" ? scheduler.interval : 1}
          bounds=${{ minimum: 1, maximum: catalog.limits.max_steps }}
          error=${errorAt(errors, "/lr_scheduler/interval")}
          onChange=${(/** @type {number} */ interval) => change({ lr_scheduler: { ...scheduler, interval } })}
        />
        <${ChoiceNotes} choice=${choice} />`
    }
  </section>`;
}

/** @param {PartProps} props */
function ClipPart({ id, run, errors, change }) {
  const { t, catalog, state } = usePage();
  const call = run.clip_grad === null ? null : clipCall(run.clip_grad);
  const choice = call === null ? null : find(catalog.clipping, call.name);
  return html`<section class="part">
    <${SelectField}
      id=${`${id}-clip`}
      label=${t("runs.clip")}
      value=${call?.name ?? ""}
      options=${[
        { value: "", label: t("runs.noClip") },
        ...catalog.clipping.map(({ name }) => ({ value: name, label: name })),
      ]}
      error=${ownError(errors, "/clip_grad")}
      onChange=${(/** @type {string} */ name) =>
        change({
          clip_grad:
            name === "" ? null : clipOf(changeClass(call, find(catalog.clipping, name), state.steps)),
        })}
    />
    ${
      call !== null &&
      choice !== null &&
      html`<${Hyperparameters}
          id=${`${id}-clip`}
          call=${call}
          choice=${choice}
          errors=${below(errors, "/clip_grad").map((error) => ({ ...error, pointer: `/hyperparameters${error.pointer}` }))}
          onChange=${(/** @type {Call} */ next) => change({ clip_grad: clipOf(next) })}
        />
        <${ChoiceNotes} choice=${choice} />`
    }
  </section>`;
}

/**
 * Clipping has its arguments beside its name; the controls know them as hyperparameters.
 *
 * @param {Clip} clip
 * @returns {Call}
 */
function clipCall({ name, ...hyperparameters }) {
  return { name, hyperparameters };
}

/**
 * @param {Call} call
 * @returns {Clip}
 */
function clipOf({ name, hyperparameters }) {
  return { name, ...hyperparameters };
}

/**
 * @param {object} props
 * @param {Run} props.run
 * @param {FieldProblem[]} props.errors
 * @param {(change: Partial<Run>) => void} props.change
 */
function LayersPart({ run, errors, change }) {
  const { t, state, edit } = usePage();
  const frozen = frozenLayers(run);
  const others = state.runs.filter((other) => other.slot !== run.slot);
  const differs = others.some((other) => JSON.stringify(other.freeze) !== JSON.stringify(run.freeze));
  return html`<section class="part">
    <${Field} label=${t("runs.layers")} hint=${t("runs.lockHint")} error=${errorAt(errors, "/freeze")}>
      <div class="locks" role="group" aria-label=${t("runs.layers")}>
        ${layerNames(state.hidden).map((layer) => {
          const locked = frozen.has(layer);
          return html`<button
            key=${layer}
            type="button"
            class="lock"
            aria-pressed=${String(locked)}
            aria-label=${t("runs.lock", { layer })}
            title=${t(locked ? "runs.unlock" : "runs.lock", { layer })}
            onClick=${() => change({ freeze: toggleFreeze(run, layer) })}
          >
            <${Icon} name=${locked ? "lock" : "unlock"} /><span class="code">${layer}</span>
          </button>`;
        })}
      </div>
    <//>
    ${
      differs &&
      html`<button
        type="button"
        class="button button-quiet"
        onClick=${() => edit((now) => freezeAllLike(now, run.slot))}
      >
        ${t("runs.lockAll")}
      </button>`
    }
  </section>`;
}

/** @param {{view: RunView}} props */
function Warnings({ view }) {
  const warnings = view.history?.warnings ?? [];
  if (warnings.length === 0) return null;
  return html`<ul class="card-warnings">
    ${warnings.map(({ detail }) => html`<li key=${detail}><${Icon} name="warning" /><span>${detail}</span></li>`)}
  </ul>`;
}

/**
 * @param {Choice[]} choices
 * @param {string} name  a state only ever names one that is there
 * @returns {Choice}
 */
function find(choices, name) {
  const found = choices.find((choice) => choice.name === name);
  if (found === undefined) throw new RangeError(`the catalog has no ${name}`);
  return found;
}

/**
 * What is said of a class as such, not of one of its arguments.
 *
 * @param {FieldProblem[]} errors
 * @param {string} pointer  of the class
 * @returns {string | null}
 */
function ownError(errors, pointer) {
  const own = [pointer, `${pointer}/name`, `${pointer}/hyperparameters`, `${pointer}/param_groups`];
  return errors.find((error) => own.includes(error.pointer))?.detail ?? null;
}

/**
 * @param {FieldProblem[]} errors
 * @param {string} pointer
 * @returns {FieldProblem[]}  those below it, with pointers from there
 */
function below(errors, pointer) {
  return errors
    .filter((error) => error.pointer.startsWith(`${pointer}/`))
    .map((error) => ({ ...error, pointer: error.pointer.slice(pointer.length) }));
}
