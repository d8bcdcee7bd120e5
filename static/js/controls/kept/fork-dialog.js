/**
 * A fork of a run at a step: what changes, and what it takes over.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { forkRun, keepRun } from "../../api/keeping.js";
import { ApiError } from "../../api/request.js";
import { localised } from "../../languages/translator.js";
import { changesOf } from "../../state/kept-runs.js";
import { withValueAt } from "../../state/mending.js";
import { mendOf } from "../../views/drawing/ends.js";
import { AveragePart } from "../recipe/average-part.js";
import { FactorsPart } from "../recipe/factors-part.js";
import { ClipPart } from "../recipe/clip-part.js";
import { Dialog } from "../parts/dialog.js";
import { PlainNumber } from "../parts/number-field.js";
import { GroupsPart } from "../recipe/groups-part.js";
import { Icon } from "../parts/icons.js";
import { Trouble, useCommand } from "./kept-commands.js";
import { LayersPart } from "../recipe/layers-part.js";
import { OptimizerPart } from "../recipe/optimizer-part.js";
import { errorAt, usePage } from "../parts/page.js";
import { SchedulerPart } from "../recipe/scheduler-part.js";

/**
 * @typedef {import("../../state/types.js").Run} Run
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {import("../parts/page.js").FieldProblem} FieldProblem
 * @typedef {import("../parts/page.js").RunView} RunView
 *
 * @typedef {"all" | "noOptimizer" | "noScheduler" | "model"} Restore
 */

/** @type {Record<Restore, {optimizer: boolean, lr_scheduler: boolean}>} */
const RESTORES = {
  all: { optimizer: true, lr_scheduler: true },
  noOptimizer: { optimizer: false, lr_scheduler: true },
  noScheduler: { optimizer: true, lr_scheduler: false },
  model: { optimizer: false, lr_scheduler: false },
};

/** How far a fork goes that begins at the end. */
const STRETCH = 100;

/**
 * @param {object} props
 * @param {Run} props.run
 * @param {RunView} props.view
 * @param {number} props.step
 * @param {() => void} props.onClose
 */
export function ForkDialog({ run, view, step, onClose }) {
  const { t, say, state, catalog, problem, kept } = usePage();
  const whole = view.config.steps ?? state.steps;
  const usual = whole > step ? whole : step + STRETCH;
  const [draft, setDraft] = useState(() => mendedAt(step, run, view));
  const [steps, setSteps] = useState(usual);
  const [restore, setRestore] = useState(/** @type {Restore} */ ("all"));
  const [both, setBoth] = useState(true);
  const [errors, setErrors] = useState(/** @type {FieldProblem[]} */ ([]));
  const command = useCommand();
  const abort = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => abort.current?.abort(), []);

  const places = catalog.limits.max_compared_runs - state.runs.length;
  const chosen = /** @type {Restore[]} */ (restore !== "all" && both ? ["all", restore] : [restore]);
  /** @param {Partial<Run>} change */
  const change = (change) => {
    setDraft((now) => ({ ...now, ...change }));
    setErrors([]);
  };
  const changes = { ...changesOf(run, draft), ...(steps === whole ? {} : { steps }) };
  const fork = () =>
    command.run(async () => {
      const { signal } = (abort.current = new AbortController());
      try {
        const parent = await parentOf(kept, run, view);
        for (const each of chosen) {
          kept.add(await forkRun(kept.api, parent, { step, changes, restore: RESTORES[each] }, signal));
        }
        onClose();
      } catch (error) {
        if (signal.aborted) return;
        const found = fieldProblems(error);
        if (found.length === 0) throw error;
        setErrors(localised(found, say));
      }
    });
  const parts = { id: "fork", run: draft, errors, change };
  const isNetwork = problem.kind !== "function";
  const elsewhere = errors.filter(({ pointer }) => !CONTROLLED.some((at) => pointer.startsWith(at)));
  return html`<${Dialog}
    id="fork"
    kind="dialog-fork"
    title=${t("controls.fork.title", { name: view.label, step })}
    onClose=${onClose}
  >
    <div class="fork">
      <p class="fork-lead">${t("controls.fork.lead", { step })}</p>
      <section class="fork-side">
        <h3>${t("controls.fork.changes")}</h3>
        <${OptimizerPart} ...${parts} />
        ${isNetwork && html`<${LayersPart} ...${parts} alone />`}
        <details class="more fork-more" open=${draft.lr_scheduler !== run.lr_scheduler || hasFolded(errors)}>
          <summary>${t("controls.fork.more")}</summary>
          <${SchedulerPart} ...${parts} />
          ${isNetwork && html`<${GroupsPart} ...${parts} />`}
          <${ClipPart} ...${parts} />
          <${FactorsPart} ...${parts} />
          <${AveragePart} ...${parts} alone />
        </details>
        <section class="part">
          <${PlainNumber}
            id="fork-steps"
            label=${t("controls.fork.until")}
            value=${steps}
            bounds=${{ minimum: step + 1, maximum: catalog.limits.max_steps }}
            error=${errorAt(errors, "/steps")}
            onChange=${setSteps}
          />
        </section>
      </section>
      <section class="fork-side">
        <h3 id="fork-restore">${t("controls.fork.restore")}</h3>
        <${RestoreChoice} value=${restore} scheduled=${draft.lr_scheduler !== null} onChange=${setRestore} />
        ${
          restore !== "all" &&
          html`<p class="fork-lesson">${t(`controls.fork.lesson.${lessonOf(restore, view)}`)}</p>
            <label class="fork-both">
              <input
                type="checkbox"
                class="check"
                checked=${both}
                onChange=${(/** @type {any} */ event) => setBoth(event.currentTarget.checked)}
              />
              ${t("controls.fork.alsoWhole")}
            </label>`
        }
      </section>
    </div>
    <footer class="dialog-foot">
      <div class="fork-news">
        ${elsewhere.map(({ pointer, detail }) => html`<${Trouble} key=${pointer} trouble=${detail} />`)}
        <${Trouble} trouble=${command.trouble} />
        ${
          chosen.length > places &&
          html`<${Trouble} trouble=${t("controls.runs.full", { count: catalog.limits.max_compared_runs })} />`
        }
      </div>
      <button
        type="button"
        class="button button-primary"
        disabled=${command.busy || chosen.length > places}
        onClick=${fork}
      >
        <${Icon} name="fork" />${t(chosen.length > 1 ? "controls.fork.both" : "controls.fork.fork")}
      </button>
    </footer>
  <//>`;
}

/**
 * The run to begin with: where an error ended it and what to change is known, that is changed already.
 *
 * @param {number} step
 * @param {Run} run
 * @param {RunView} view
 * @returns {Run}
 */
function mendedAt(step, run, { history }) {
  const mend = mendOf(history?.ended ?? null);
  if (mend === null || mend.value === null || step !== history?.ended?.step) return run;
  return withValueAt(run, mend.pointer, mend.value);
}

/** Pointers of the controls that are folded at first. */
const FOLDED = [
  "/lr_scheduler",
  "/optimizer/param_groups",
  "/clip_grad",
  "/average",
  "/hyperparameter_schedules",
];

/** @param {FieldProblem[]} errors */
function hasFolded(errors) {
  return errors.some(({ pointer }) => FOLDED.some((at) => pointer.startsWith(at)));
}

/** Pointers that a control of the dialog shows the errors of. */
const CONTROLLED = [
  "/optimizer",
  "/lr_scheduler",
  "/clip_grad",
  "/freeze",
  "/steps",
  "/average",
  "/hyperparameter_schedules",
];

/**
 * What `load_state_dict` is called for besides the model.
 *
 * @param {object} props
 * @param {Restore} props.value
 * @param {boolean} props.scheduled  whether there is a schedule
 * @param {(restore: Restore) => void} props.onChange
 */
function RestoreChoice({ value, scheduled, onChange }) {
  const { t } = usePage();
  const choices = /** @type {Restore[]} */ (
    scheduled ? ["all", "noOptimizer", "noScheduler", "model"] : ["all", "model"]
  );
  return html`<div class="fork-choices" role="radiogroup" aria-labelledby="fork-restore">
    ${choices.map(
      (choice) =>
        html`<label key=${choice} class="fork-choice">
          <input type="radio" name="restore" checked=${choice === value} onChange=${() => onChange(choice)} />
          <span
            >${t(`controls.fork.restores.${scheduled || choice !== "all" ? choice : "unscheduled"}`)}</span
          >
        </label>`,
    )}
  </div>`;
}

/**
 * What leaving something out teaches: nothing, where an optimizer without a schedule keeps no state.
 *
 * @param {Restore} restore
 * @param {RunView} view
 */
function lessonOf(restore, { history, config }) {
  const keepsState = history?.names.some((name) => history.stateKeys(name).length > 0) ?? true;
  const isScheduled = (config.lr_scheduler ?? null) !== null;
  return keepsState || (isScheduled && restore !== "noOptimizer") ? restore : "stateless";
}

/**
 * The kept run to fork: the one on the card, or one that is kept for this.
 *
 * @param {import("../parts/page.js").Kept} kept
 * @param {Run} run
 * @param {RunView} view
 * @returns {Promise<KeptRun>}
 */
async function parentOf(kept, run, view) {
  if (run.kept !== undefined) return kept.api.get(run.kept.id);
  const complete = view.stale ? null : (view.history?.config ?? null);
  return (await keepRun(kept.api, view.config, complete)).run;
}

/**
 * What the server has against the changes, by their place in a run.
 *
 * @param {unknown} error
 * @returns {FieldProblem[]}
 */
function fieldProblems(error) {
  if (!(error instanceof ApiError) || error.status !== 422) return [];
  return error.errors.map((each) => ({ ...each, pointer: each.pointer.replace(/^\/changes/, "") }));
}
