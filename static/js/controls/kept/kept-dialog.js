/**
 * The runs that the server keeps: found, followed, put into the comparison; and new ones from files.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";
import { Trouble, useCommand } from "./kept-commands.js";
import { KeptRunRow } from "./kept-run.js";
import { dateOf, sizeOf, troubleOf } from "./kept-words.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../api/kept-runs.js").KeptPage} KeptPage
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 */

/** How soon the list is asked for again: while something is trained, and otherwise. */
const BUSY_PAUSE_MS = 1000;
const PAUSE_MS = 4000;
/** A person who types has not finished before this. */
const TYPING_MS = 150;

/** @param {{onClose: () => void}} props */
export function KeptDialog({ onClose }) {
  const { t, kept } = usePage();
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState(/** @type {string | null} */ (null));
  const list = useKeptRuns(search);
  const { page } = list;
  /** @param {KeptRun} run */
  const compare = (run) => {
    kept.add(run);
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
                open=${opened === run.id}
                onToggle=${() => setOpened(opened === run.id ? null : run.id)}
                onChange=${onChange}
                onDelete=${() => list.drop(run.id)}
                onCompare=${() => compare(run)}
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

/**
 * The list as it is now: its first page is asked for again and again, further pages when a person wants them.
 *
 * @param {string} search
 */
function useKeptRuns(search) {
  const page = usePage();
  const { kept } = page;
  const [first, setFirst] = useState(/** @type {KeptPage | null} */ (null));
  const [older, setOlder] = useState(/** @type {Pick<KeptPage, "runs" | "next"> | null} */ (null));
  const [trouble, setTrouble] = useState(/** @type {string | null} */ (null));
  const edits = useRef(0);
  useEffect(() => {
    const abort = new AbortController();
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const look = async () => {
      let pause = PAUSE_MS;
      const asked = edits.current;
      try {
        const found = await kept.api.list({ search }, abort.signal);
        if (edits.current === asked) setFirst(found); // else it does not know of what was changed meanwhile
        setTrouble(null);
        if (found.runs.some(({ state }) => state === "running")) pause = BUSY_PAUSE_MS;
      } catch (error) {
        if (abort.signal.aborted) return;
        setTrouble(troubleOf(error, page));
      }
      timer = setTimeout(look, pause);
    };
    timer = setTimeout(look, first === null ? 0 : TYPING_MS);
    setOlder(null);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [search]);

  const ids = new Set(first?.runs.map(({ id }) => id));
  const runs = [...(first?.runs ?? []), ...(older?.runs.filter(({ id }) => !ids.has(id)) ?? [])];
  const next = older === null ? (first?.next ?? null) : older.next;
  /** @param {(runs: KeptRun[]) => KeptRun[]} change */
  const edit = (change) => {
    edits.current += 1;
    setFirst((page) => page && { ...page, runs: change(page.runs) });
    setOlder((page) => page && { ...page, runs: change(page.runs) });
  };
  return {
    page: first === null ? null : { ...first, runs, next },
    trouble,
    async more() {
      try {
        const found = await kept.api.list({ search, before: next });
        setOlder({ runs: [...(older?.runs ?? []), ...found.runs], next: found.next });
      } catch (error) {
        setTrouble(troubleOf(error, page));
      }
    },
    replace: (/** @type {KeptRun} */ run) =>
      edit((runs) => runs.map((other) => (other.id === run.id ? run : other))),
    drop: (/** @type {string} */ id) => edit((runs) => runs.filter((run) => run.id !== id)),
  };
}
