/**
 * What is open over the whole page: the list of kept runs, or a fork in the making.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { ForkDialog } from "./fork-dialog.js";
import { KeptDialog } from "./kept-dialog.js";
import { usePage } from "../parts/page.js";

export function Overlay() {
  const { kept, state, runs } = usePage();
  const { overlay } = kept;
  if (overlay === null) return null;
  const onClose = () => kept.leave(overlay);
  if (overlay.kind === "list") return html`<${KeptDialog} onClose=${onClose} />`;
  const index = state.runs.findIndex(({ slot }) => slot === overlay.slot);
  const history = runs[index]?.history ?? null;
  if (history === null) return null;
  return html`<${ForkDialog}
    run=${state.runs[index]}
    view=${runs[index]}
    step=${history.clamp(overlay.step)}
    onClose=${onClose}
  />`;
}
