/**
 * The left column: what all runs share, and a card for each.
 */

import { html, useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { suggestedState } from "../../state/configs.js";
import { addRun } from "../../state/edits.js";
import { isOpen, leaveOpen } from "../../state/folds.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { RunCard } from "./run-card.js";
import { Setup } from "../problem/setup.js";

/** @param {{roomy: boolean}} props  roomy: whether there is space for an open card from the start */
export function RunList({ roomy }) {
  const { t, state, catalog, runs, edit, kept, learning } = usePage();
  const [open, setOpen] = useState(
    /** @type {number | null} */ (roomy && isOpen("card") ? state.selected : null),
  );
  const [shownFor, setShownFor] = useState(state.selected);
  useEffect(() => {
    if (shownFor === state.selected) return;
    setShownFor(state.selected);
    if (open !== null || isOpen("card")) setOpen(state.selected);
  }, [state.selected]);

  const isTaught = learning.pointsAt === "runs";
  useEffect(() => {
    if (isTaught) setOpen(state.selected);
  }, [isTaught, state.lesson, state.page]);

  /** @param {number} slot */
  const toggle = (slot) => {
    setOpen(open === slot ? null : slot);
    leaveOpen("card", open !== slot);
    setShownFor(slot);
    edit({ selected: slot });
  };
  const most = catalog.limits.max_compared_runs;
  const full = state.runs.length >= most;
  return html`
    <${Setup} open=${false} />
    <div class="panel-head">
      <h2>${t("controls.runs.title")}</h2>
      <button
        type="button"
        class="button button-quiet panel-head-first"
        data-hint=${t("controls.kept.openHint")}
        onClick=${() => kept.show({ kind: "list" })}
      >
        <${Icon} name="archive" />${t("controls.kept.open")}
      </button>
      <button
        type="button"
        class="button"
        disabled=${full}
        data-hint=${full ? t("controls.runs.full", { count: most }) : undefined}
        onClick=${() => {
          leaveOpen("card", true); // who adds a run wants to set it
          edit((now) => addRun(now, undefined, () => suggestedState(catalog, now.problem).runs));
        }}
      >
        <${Icon} name="plus" />${t("controls.runs.add")}
      </button>
    </div>
    <ul class="cards">
      ${state.runs.map(
        (run, index) =>
          html`<${RunCard}
            key=${run.slot}
            run=${run}
            view=${runs[index]}
            number=${index + 1}
            open=${open === run.slot}
            onToggle=${() => toggle(run.slot)}
          />`,
      )}
    </ul>
  `;
}
