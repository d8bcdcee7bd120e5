/**
 * What is open over the whole page: the list of kept runs, that of keys, what can be taken away, or a fork in the making.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { later } from "../parts/later.js";
import { usePage } from "../parts/page.js";

const ForkDialog = later(async () => (await import("./fork-dialog.js")).ForkDialog);
const KeysDialog = later(async () => (await import("../parts/keys-dialog.js")).KeysDialog);
const KeptDialog = later(async () => (await import("./kept-dialog.js")).KeptDialog);
const SaveDialog = later(async () => (await import("../saving/save-dialog.js")).SaveDialog);

export function Overlay() {
  const { kept, state, runs } = usePage();
  const { overlay } = kept;
  if (overlay === null) return null;
  const onClose = () => kept.leave(overlay);
  if (overlay.kind === "list") return html`<${KeptDialog} onClose=${onClose} />`;
  if (overlay.kind === "keys") return html`<${KeysDialog} onClose=${onClose} />`;
  if (overlay.kind === "save") return html`<${SaveDialog} of=${overlay.of} onClose=${onClose} />`;
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
