/**
 * The inside of a card that shows a run of a loop that is not ours: what it is, and what cannot be done with it.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { removeRun } from "../../state/edits.js";
import { opened } from "../../state/loops/opened.js";
import { NO_CONFIG } from "../../state/watched.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { stateOf } from "./kept-words.js";

/**
 * @typedef {import("../../state/types.js").Run} Run
 * @typedef {import("../parts/page.js").RunView} RunView
 */

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Run} props.run  that the server keeps
 * @param {RunView} props.view
 */
export function WatchedSettings({ id, run, view }) {
  const { t, say, edit, kept, state } = usePage();
  const runId = run.kept?.id ?? "";
  const followed = kept.get(runId);
  const document = followed?.document ?? null;
  const isGone = followed?.status === "gone";
  const { reason = null } = followed ?? {};
  const { isClosed = false, last = -1 } = view.history ?? {};
  const look = () =>
    edit(({ loops }) => ({
      ...{ place: "loops", lesson: null, page: 0 },
      loops: opened(loops, runId),
    }));
  return html`<div class="card-body" id=${id}>
    <section class="part">
      ${isGone && html`<p class="field-error" role="alert">${t("controls.kept.trouble.gone")}</p>`}
      ${
        followed?.status === "lost" &&
        html`<p class="kept-note" role="status">
          ${reason === null ? t("controls.kept.lost") : say(reason)}
        </p>`
      }
      ${document !== null && !isGone && html`<p class="kept-facts">${stateOf(document, t)}</p>`}
      ${isClosed && html`<p class="kept-note">${t("controls.loops.compare.closed", { step: last })}</p>`}
      <p class="kept-note">${t("controls.loops.noConfig")} <code>${NO_CONFIG.code}</code></p>
    </section>
    <footer class="card-actions">
      ${
        !isGone &&
        html`<button type="button" class="button" onClick=${look}>
          <${Icon} name="left" />${t("controls.loops.compare.look")}
        </button>`
      }
      <button
        type="button"
        class="button"
        disabled=${state.runs.length === 1}
        data-hint=${t("controls.kept.removeHint")}
        onClick=${() => edit((now) => removeRun(now, run.slot))}
      >
        <${Icon} name="close" />${t("controls.runs.remove")}
      </button>
    </footer>
  </div>`;
}
