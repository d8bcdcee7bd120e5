/**
 * The watched runs that the server keeps, and how to bring one here.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { opened } from "../../state/loops/opened.js";
import { KeptDetails } from "../kept/kept-run.js";
import { Trouble } from "../kept/kept-commands.js";
import { useKeptRuns } from "../kept/kept-list.js";
import { dateOf, sizeOf } from "../kept/kept-words.js";
import { CodeBlock } from "../parts/code-block.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { lifeOf } from "./loop-words.js";

/** @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun */

/**
 * @param {object} props
 * @param {(file: File) => void} props.onFile
 * @param {(run: KeptRun) => void} props.onChange  a run is otherwise now
 * @param {string | null} props.trouble  what came of the last file
 * @param {number} props.came  how many runs have been brought here
 */
export function LoopList({ onFile, onChange, trouble, came }) {
  const { t, state, edit } = usePage();
  const [search, setSearch] = useState("");
  const [unfolded, setUnfolded] = useState(/** @type {string | null} */ (null));
  const list = useKeptRuns(search, true, came);
  const runs = list.page?.runs ?? [];
  const isEmpty = list.page !== null && runs.length === 0 && search === "";
  const show = (/** @type {string | null} */ id) => edit(({ loops }) => ({ loops: opened(loops, id) }));
  return html`<div class="loop-list">
    <div class="loop-list-head">
      <h2>${t("controls.loops.title")}</h2>
      <${OpenFile} onFile=${onFile} />
    </div>
    <${Trouble} trouble=${trouble ?? list.trouble} />
    ${isEmpty && html`<${HowTo} />`}
    ${
      !isEmpty &&
      html`<input
          class="input"
          type="search"
          aria-label=${t("controls.kept.search")}
          placeholder=${t("controls.kept.search")}
          value=${search}
          onInput=${(/** @type {any} */ event) => setSearch(event.currentTarget.value)}
        />
        <ul class="loop-runs" aria-label=${t("controls.loops.title")}>
          ${runs.map(
            (run) =>
              html`<${LoopRow}
                key=${run.id}
                run=${run}
                isShown=${state.loops.run === run.id}
                open=${unfolded === run.id}
                onShow=${() => show(run.id)}
                onToggle=${() => setUnfolded(unfolded === run.id ? null : run.id)}
                onChange=${(/** @type {KeptRun} */ changed) => {
                  list.replace(changed);
                  onChange(changed);
                }}
                onDelete=${() => {
                  list.drop(run.id);
                  if (state.loops.run === run.id) show(null);
                }}
              />`,
          )}
        </ul>
        ${runs.length === 0 && list.page !== null && html`<p class="kept-empty">${t("controls.kept.notFound")}</p>`}
        ${
          (list.page?.next ?? null) !== null &&
          html`<button type="button" class="button" onClick=${list.more}>${t("controls.kept.more")}</button>`
        }
        <details class="more">
          <summary>${t("controls.loops.how")}</summary>
          <${HowTo} />
        </details>`
    }
  </div>`;
}

/** @param {{onFile: (file: File) => void}} props */
function OpenFile({ onFile }) {
  const { t } = usePage();
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  return html`<button
      type="button"
      class="button"
      data-hint=${t("controls.loops.fileHint")}
      onClick=${() => input.current?.click()}
    >
      <${Icon} name="upload" />${t("controls.loops.file")}
    </button>
    <input
      ref=${input}
      class="kept-file"
      type="file"
      accept=".optiscope,.jsonl"
      tabindex="-1"
      aria-hidden="true"
      onChange=${(/** @type {any} */ { currentTarget }) => {
        const [file] = currentTarget.files;
        currentTarget.value = "";
        if (file !== undefined) onFile(file);
      }}
    />`;
}

/** What to write into a loop so that it appears here. */
function HowTo() {
  const { t } = usePage();
  const code = `import optiscope
watch = optiscope.watch(model, optimizer, scheduler, to="mine.optiscope")
…
    watch.loss(loss)  # ${t("controls.loops.code.loss")}
…
watch.close()`;
  const live = `watch = optiscope.watch(model, optimizer, to="${location.origin}")`;
  return html`<div class="loop-how">
    <p>${t("controls.loops.intro")}</p>
    <${CodeBlock} code=${code} label=${t("controls.loops.code.script")} />
    <p>${t("controls.loops.then")}</p>
    <${CodeBlock} code="optiscope open mine.optiscope" label=${t("controls.loops.code.shell")} />
    <p>${t("controls.loops.live")}</p>
    <${CodeBlock} code=${live} label=${t("controls.loops.code.live")} />
    <p class="loop-note">${t("controls.loops.unchanged")}</p>
  </div>`;
}

/**
 * @param {object} props
 * @param {KeptRun} props.run
 * @param {boolean} props.isShown
 * @param {boolean} props.open  whether what can be done with it is shown
 * @param {() => void} props.onShow
 * @param {() => void} props.onToggle
 * @param {(run: KeptRun) => void} props.onChange
 * @param {() => void} props.onDelete
 */
function LoopRow({ run, isShown, open, onShow, onToggle, onChange, onDelete }) {
  const { t, words } = usePage();
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (isShown) row.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const { program } = run.source ?? {};
  const body = `loop-${run.id}`;
  const facts = [
    ...(program && program !== run.name ? [String(program)] : []),
    lifeOf(run, t),
    sizeOf(run.bytes),
    dateOf(run.created, words.tag),
  ];
  return html`<li ref=${row} class=${isShown ? "loop-run is-shown" : "loop-run"} data-loop=${run.id}>
    <div class="kept-head">
      <span
        class=${`kept-light kept-light-${run.state === "running" ? "running" : run.ended?.reason}`}
        aria-hidden="true"
      ></span>
      <h3 class="kept-title">
        <button
          type="button"
          class="kept-name"
          aria-current=${isShown ? "true" : undefined}
          onClick=${onShow}
        >
          ${run.name}
        </button>
      </h3>
      ${
        run.pinned &&
        html`<span class="kept-pinned" data-hint=${t("controls.kept.pinned")}>
          <${Icon} name="pin" /><span class="visually-hidden">${t("controls.kept.pinned")}</span>
        </span>`
      }
      <button
        type="button"
        class="tool tool-icon"
        aria-label=${t("controls.loops.more", { name: run.name })}
        aria-expanded=${String(open)}
        aria-controls=${open ? body : undefined}
        onClick=${onToggle}
      >
        <${Icon} name="chevron" />
      </button>
    </div>
    <p class="kept-facts">${facts.map((fact) => html`<span key=${fact}>${fact}</span>`)}</p>
    ${open && html`<${KeptDetails} id=${body} run=${run} onChange=${onChange} onDelete=${onDelete} />`}
  </li>`;
}
