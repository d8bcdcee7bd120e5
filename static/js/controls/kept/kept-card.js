/**
 * The inside of a card that shows a run which the server keeps: it stays as it is, can go on, and can be forked.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { removeRun } from "../../state/edits.js";
import { releaseKept } from "../../state/kept-runs.js";
import { mendOf } from "../../views/drawing/ends.js";
import { TuneButton } from "../parts/tune-button.js";
import { Icon } from "../parts/icons.js";
import { KeptCommands } from "./kept-commands.js";
import { hindranceOf, originOf, stateOf } from "./kept-words.js";
import { usePage } from "../parts/page.js";

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
export function KeptSettings({ id, run, view }) {
  const { t, say, edit, kept, state } = usePage();
  const followed = kept.get(run.kept?.id ?? "");
  const document = followed?.document ?? null;
  const origin = document === null ? "" : originOf(document, t);
  const hindrance = document === null ? "" : hindranceOf(document, { t, say });
  const isTold = mendOf(view.history?.ended ?? null) !== null; // at the head of the card
  const lost = (/** @type {import("../../languages/translator.js").Said | null} */ reason) =>
    reason === null ? t("controls.kept.lost") : t("controls.kept.lostWhy", { detail: say(reason) });
  const isGone = followed?.status === "gone";
  /** @param {any} event  the address is that of the step of the moment */
  const atStep = ({ currentTarget }) => {
    const step = view.history?.clamp(kept.step()) ?? document?.step ?? 0;
    currentTarget.href = kept.api.checkpoint(run.kept?.id ?? "", step);
  };
  return html`<div class="card-body" id=${id}>
    <section class="part">
      ${isGone && html`<p class="field-error" role="alert">${t("controls.kept.trouble.gone")}</p>`}
      ${followed?.status === "lost" && html`<p class="kept-note" role="status">${lost(followed.reason)}</p>`}
      ${
        document !== null &&
        !isGone &&
        html`<p class="kept-card-name">${document.name}</p>
          <p class="kept-facts">${stateOf(document, t)}</p>
          ${hindrance !== "" && !isTold && html`<p class="kept-note" role="status">${hindrance}</p>`}
          ${origin !== "" && html`<p class="kept-facts">${origin}</p>`}
          ${(document.origin?.notices ?? []).map((note) => html`<p key=${note.detail} class="kept-note">${say(note)}</p>`)}
          <${KeptCommands} id=${id} run=${document} onChange=${kept.learn} />`
      }
    </section>
    <footer class="card-actions">
      ${
        !isGone &&
        html`<${ForkButton} run=${run} view=${view} />
          <a
            class="button"
            href=${kept.api.checkpoint(run.kept?.id ?? "", document?.step ?? 0)}
            download
            data-hint=${t("controls.kept.checkpointHint")}
            onPointerDown=${atStep}
            onClick=${atStep}
          >
            <${Icon} name="download" />${t("controls.kept.checkpointHere")}
          </a>`
      }
      ${run.kept?.first === 0 && html`<${TuneButton} run=${run} />`}
      <button
        type="button"
        class="button"
        data-hint=${t("controls.kept.releaseHint")}
        onClick=${() => edit((now) => releaseKept(now, run.slot))}
      >
        <${Icon} name="copy" />${t("controls.kept.release")}
      </button>
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

/** @param {{run: Run, view: RunView}} props */
export function ForkButton({ run, view }) {
  const { t, kept, state, catalog } = usePage();
  const most = catalog.limits.max_compared_runs;
  const full = state.runs.length >= most;
  return html`<button
    type="button"
    class="button"
    disabled=${full || view.history === null}
    data-hint=${full ? t("controls.runs.full", { count: most }) : t("controls.fork.hint")}
    onClick=${() => kept.show({ kind: "fork", slot: run.slot, step: kept.step() })}
  >
    <${Icon} name="fork" />${t("controls.fork.open")}
  </button>`;
}
