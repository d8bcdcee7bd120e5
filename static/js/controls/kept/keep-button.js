/**
 * Keep the run of a card: from then on the server has it, whatever becomes of the page.
 */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { keepRun } from "../../api/keeping.js";
import { Icon } from "../parts/icons.js";
import { Trouble, useCommand } from "./kept-commands.js";
import { usePage } from "../parts/page.js";

/** @param {{view: import("../parts/page.js").RunView}} props */
export function KeepButton({ view }) {
  const { t, kept } = usePage();
  const command = useCommand();
  const [done, setDone] = useState(/** @type {string | null} */ (null));
  const text = JSON.stringify(view.config);
  const isKept = done === text;
  const keep = () =>
    command.run(async () => {
      const complete = view.stale ? null : (view.history?.config ?? null);
      const { run, isNew } = await keepRun(kept.api, view.config, complete);
      setDone(text);
      const key = isNew ? "controls.kept.keptAs" : "controls.kept.keptAlready";
      kept.say({ id: "kept", kind: "news", key, params: { name: run.name } });
    });
  return html`<button
      type="button"
      class="button"
      disabled=${command.busy}
      data-hint=${t(isKept ? "controls.kept.title" : "controls.kept.keepHint")}
      onClick=${() => (isKept ? kept.show({ kind: "list" }) : keep())}
    >
      <${Icon}
        name=${isKept ? "check" : "archive"}
      />${t(isKept ? "controls.kept.isKept" : "controls.kept.keep")}
    </button>
    <${Trouble} trouble=${command.trouble} />`;
}
