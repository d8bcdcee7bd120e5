/**
 * The schedule of a run: one scheduler with its arguments, or a name for what the studio has built of several.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { changeClass } from "../../state/edits.js";
import { isComposite, nameOf } from "../../state/schedule.js";
import { ChoiceNotes } from "../parts/choice-notes.js";
import { SelectField } from "../parts/field.js";
import { PlainNumber } from "../parts/number-field.js";
import { groupNames } from "./groups-part.js";
import { Hyperparameters } from "../parts/hyperparameters.js";
import { Icon } from "../parts/icons.js";
import { find } from "../parts/choices.js";
import { errorAt, usePage } from "../parts/page.js";
import { below, ownError } from "../parts/pointers.js";

/**
 * @typedef {import("../../state/types.js").Call} Call
 * @typedef {import("../parts/page.js").PartProps} PartProps
 */

/** A scheduler with no more arguments than these shows all of them. */
const FEW = 4;

/** @param {PartProps & {onStudio?: () => void}} props  without it there is no studio to open */
export function SchedulerPart({ id, run, errors, change, onStudio }) {
  const { t, catalog, state } = usePage();
  const scheduler = /** @type {import("../../state/schedule.js").Schedule | null} */ (run.lr_scheduler);
  const simple = catalog.lr_schedulers.filter(({ composite }) => composite !== true);
  const composed = scheduler !== null && isComposite(scheduler);
  const choice = scheduler === null ? null : find(catalog.lr_schedulers, scheduler.name);
  return html`<section class="part">
    <${SelectField}
      id=${`${id}-scheduler`}
      label=${t("controls.runs.scheduler")}
      value=${scheduler?.name ?? ""}
      options=${[
        { value: "", label: t("controls.runs.noScheduler") },
        ...(composed ? [{ value: scheduler.name, label: nameOf(scheduler) }] : []),
        ...simple.map(({ name }) => ({ value: name, label: name })),
      ]}
      error=${ownError(errors, "/lr_scheduler") ?? (composed ? errorAt(errors, "/lr_scheduler") : null)}
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
          groups=${groupNames(run.optimizer)}
          brief=${choice.hyperparameters.length > FEW}
          onChange=${(/** @type {Call} */ next) => change({ lr_scheduler: next })}
        />
        <${EpochField}
          id=${`${id}-scheduler-epoch_steps`}
          schedule=${scheduler}
          choice=${choice}
          error=${errorAt(errors, "/lr_scheduler/epoch_steps")}
          onChange=${(/** @type {Call} */ next) => change({ lr_scheduler: next })}
        />
        <${IntervalField}
          id=${`${id}-interval`}
          interval=${scheduler.interval ?? 1}
          error=${errorAt(errors, "/lr_scheduler/interval")}
          onChange=${(/** @type {number} */ interval) => change({ lr_scheduler: { ...scheduler, interval } })}
        />
        <${ChoiceNotes} choice=${choice} />`
    }
    ${
      onStudio !== undefined &&
      html`<button type="button" class="button button-quiet" onClick=${onStudio}>
        <${Icon} name="schedule" />${t("controls.schedule.open")}
      </button>`
    }
  </section>`;
}

/**
 * How many steps make an epoch, for a scheduler whose step takes one.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {import("../../state/schedule.js").Schedule} props.schedule
 * @param {import("../../state/types.js").Choice} props.choice
 * @param {string | null} props.error
 * @param {(schedule: import("../../state/schedule.js").Schedule) => void} props.onChange
 */
export function EpochField({ id, schedule, choice, error, onChange }) {
  const { t, catalog } = usePage();
  const { epoch_steps: length = null, ...others } = schedule;
  if (choice.takes_epoch !== true) return null;
  return html`<${PlainNumber}
    id=${id}
    label="epoch_steps"
    code
    hint=${t("controls.runs.epochStepsHelp")}
    value=${length}
    bounds=${{ minimum: 1, maximum: catalog.limits.max_steps }}
    none=${t("controls.field.none")}
    whole
    error=${error}
    onChange=${(/** @type {number | null} */ next) =>
      onChange(/** @type {any} */ (next === null ? others : { ...others, epoch_steps: next }))}
  />`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {number} props.interval
 * @param {string | null} props.error
 * @param {(interval: number) => void} props.onChange
 */
export function IntervalField({ id, interval, error, onChange }) {
  const { t, catalog } = usePage();
  return html`<${PlainNumber}
    id=${id}
    label=${t("controls.runs.interval")}
    code
    hint=${t("controls.runs.intervalHelp")}
    value=${interval}
    bounds=${{ minimum: 1, maximum: catalog.limits.max_steps }}
    error=${error}
    onChange=${onChange}
  />`;
}
