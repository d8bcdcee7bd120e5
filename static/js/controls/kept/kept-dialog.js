/**
 * The runs that the server keeps: found, followed, put into the comparison; and new ones from files.
 */

import { html, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { opened } from "../../state/loops/opened.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";
import { Trouble, useCommand } from "./kept-commands.js";
import { useKeptRuns } from "./kept-list.js";
import { KeptRunRow } from "./kept-run.js";
import { dateOf, sizeOf } from "./kept-words.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../api/kept-runs.js").KeptPage} KeptPage
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 */

/** @param {{onClose: () => void}} props */
export function KeptDialog({ onClose }) {
  const { t, kept, edit } = usePage();
  const [search, setSearch] = useState("");
  const [unfolded, setUnfolded] = useState(/** @type {string | null} */ (null));
  const list = useKeptRuns(search);
  const { page } = list;
  /** @param {KeptRun} run */
  const compare = (run) => {
    kept.add(run);
    onClose();
  };
  /** @param {KeptRun} run */
  const look = ({ id }) => {
    edit(({ loops }) => ({
      ...{ place: "loops", lesson: null, page: 0 },
      loops: opened(loops, id),
    }));
    onClose();
  };
  /** @param {KeptRun} run */
  const onChange = (run) => {
    kept.learn(run);
    list.replace(run);
  };
  return html`<${Dialog} id="kept" kind="dialog-kept" title=${t("controls.kept.title")} onClose=${onClose}>
    <div class="kept-bar">
      <input
        class="input"
        type="search"
        aria-label=${t("controls.kept.search")}
        placeholder=${t("controls.kept.search")}
        value=${search}
        onInput=${(/** @type {any} */ event) => setSearch(event.currentTarget.value)}
      />
      <${Upload} onRun=${compare} />
    </div>
    <${Trouble} trouble=${list.trouble} />
    ${
      page !== null &&
      html`<ul class="kept-list" aria-label=${t("controls.kept.title")}>
          ${page.runs.map(
            (run) =>
              html`<${KeptRunRow}
                key=${run.id}
                run=${run}
                open=${unfolded === run.id}
                onToggle=${() => setUnfolded(unfolded === run.id ? null : run.id)}
                onChange=${onChange}
                onDelete=${() => list.drop(run.id)}
                onCompare=${() => compare(run)}
                onLook=${() => look(run)}
              />`,
          )}
          ${
            page.next !== null &&
            html`<li class="kept-more">
              <button type="button" class="button" onClick=${list.more}>${t("controls.kept.more")}</button>
            </li>`
          }
        </ul>
        ${page.runs.length === 0 && html`<p class="kept-empty">${t(search === "" ? "controls.kept.none" : "controls.kept.notFound")}</p>`}
        <${Stock} page=${page} />`
    }
  <//>`;
}

/**
 * How much is kept, and what the quota has removed.
 *
 * @param {{page: KeptPage}} props
 */
function Stock({ page: { kept, pruned } }) {
  const { t, words } = usePage();
  return html`<footer class="kept-stock">
    <p>
      ${t("controls.kept.stock", {
        count: kept.runs,
        size: sizeOf(kept.bytes),
        most: sizeOf(kept.max_bytes),
      })}
    </p>
    ${
      pruned.length > 0 &&
      html`<details class="more kept-pruned">
        <summary>${t("controls.kept.pruned", { count: pruned.length })}</summary>
        <p>${t("controls.kept.prunedWhy")}</p>
        <ul>
          ${pruned.map(({ id, name, at }) => html`<li key=${id}>${name} <span>${dateOf(at, words.tag)}</span></li>`)}
        </ul>
      </details>`
    }
  </footer>`;
}

/**
 * A run that goes on from a checkpoint file.
 *
 * @param {{onRun: (run: KeptRun) => void}} props
 */
function Upload({ onRun }) {
  const { t, kept, catalog } = usePage();
  const file = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [isTooLarge, setIsTooLarge] = useState(false);
  const command = useCommand();
  const most = Math.min(catalog.limits.max_upload_bytes, catalog.limits.max_body_bytes);
  /** @param {any} event */
  const onChange = ({ currentTarget }) => {
    const [chosen] = currentTarget.files;
    currentTarget.value = "";
    if (chosen === undefined) return;
    setIsTooLarge(chosen.size > most);
    if (chosen.size <= most) void command.run(async () => onRun(await kept.api.upload(chosen)));
  };
  return html`<button
      type="button"
      class="button"
      data-hint=${t("controls.kept.uploadHint")}
      disabled=${command.busy}
      onClick=${() => file.current?.click()}
    >
      <${Icon} name="upload" />${t("controls.kept.upload")}
    </button>
    <input
      ref=${file}
      class="kept-file"
      type="file"
      accept=".pt"
      tabindex="-1"
      aria-hidden="true"
      onChange=${onChange}
    />
    <${Trouble}
      trouble=${isTooLarge ? t("controls.kept.tooLarge", { size: sizeOf(most) }) : command.trouble}
    />`;
}
