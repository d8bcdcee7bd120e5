/**
 * What can be done to a kept run: pause it, go on with it, let it go further.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { ApiError } from "../../api/request.js";
import { PlainNumber } from "../parts/number-field.js";
import { Icon } from "../parts/icons.js";
import { troubleOf } from "./kept-words.js";
import { isOurs } from "../../state/kept-runs.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 *
 * @typedef {object} Command
 * @property {boolean} busy  whether one is under way
 * @property {string | null} trouble  what came of the last one
 * @property {(action: () => Promise<void>) => Promise<void>} run
 */

/** How far a run is extended unless a person says otherwise. */
const STRETCH = 100;

/**
 * One command at a time, and what went wrong with the last one.
 *
 * @param {() => Promise<void>} [lookAgain]  at what has changed since it was seen, so that a command was not for it
 * @returns {Command}
 */
export function useCommand(lookAgain = async () => {}) {
  const page = usePage();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState(/** @type {string | null} */ (null));
  return {
    busy,
    trouble,
    async run(action) {
      setBusy(true);
      setTrouble(null);
      try {
        await action();
      } catch (error) {
        setTrouble(troubleOf(error, page));
        if (error instanceof ApiError && error.status === 409)
          await lookAgain().catch((failure) => setTrouble(troubleOf(failure, page)));
      } finally {
        setBusy(false);
      }
    },
  };
}

/** @param {{trouble: string | null}} props */
export function Trouble({ trouble }) {
  return trouble !== null && html`<p class="field-error" role="alert">${trouble}</p>`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {KeptRun} props.run
 * @param {(run: KeptRun) => void} props.onChange  the run as it is after a command
 */
export function KeptCommands({ id, run, onChange }) {
  const { t, catalog, kept } = usePage();
  const [steps, setSteps] = useState(STRETCH);
  const { api } = kept;
  const command = useCommand(async () => onChange(await api.get(run.id)));
  /** @param {() => Promise<KeptRun>} action */
  const act = (action) => command.run(async () => onChange(await action()));
  if (!isOurs(run)) return null;
  const goesOn = run.ended === null || run.ended.reason === "completed";
  return html`<div class="kept-commands">
    ${
      run.state === "running" &&
      html`<button
        type="button"
        class="button"
        disabled=${command.busy}
        onClick=${() => act(() => api.pause(run))}
      >
        <${Icon} name="pause" />${t("controls.kept.pause")}
      </button>`
    }
    ${
      (run.state === "paused" || run.state === "damaged") &&
      html`<button
        type="button"
        class="button"
        disabled=${command.busy}
        onClick=${() => act(() => api.resume(run))}
      >
        <${Icon} name="play" />${t("controls.kept.resume")}
      </button>`
    }
    ${
      goesOn &&
      html`<div class="kept-extend">
        <${PlainNumber}
          id=${`${id}-extend`}
          label=${t("controls.kept.further")}
          value=${steps}
          bounds=${{ minimum: 1, maximum: Math.max(1, catalog.limits.max_steps - (run.steps ?? 0)) }}
          onChange=${setSteps}
        />
        <button
          type="button"
          class="button"
          disabled=${command.busy}
          onClick=${() => act(() => api.extend(run, steps))}
        >
          <${Icon} name="plus" />${t("controls.kept.extend")}
        </button>
      </div>`
    }
    <${Trouble} trouble=${command.trouble} />
  </div>`;
}
