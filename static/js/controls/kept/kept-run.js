/**
 * One run of the list of those that are kept: how it did, and opened, what can be done with it.
 */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { cardOf, isOurs, isWatched } from "../../state/kept-runs.js";
import { readText } from "../parts/check.js";
import { TextInput } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { KeptCommands, Trouble, useCommand } from "./kept-commands.js";
import { dateOf, hindranceOf, lossOf, originOf, sizeOf, stateOf } from "./kept-words.js";
import { usePage } from "../parts/page.js";
import { tellParts } from "../recipe/run-summary.js";

/** @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun */

/**
 * @param {object} props
 * @param {KeptRun} props.run
 * @param {boolean} props.open
 * @param {() => void} props.onToggle
 * @param {(run: KeptRun) => void} props.onChange
 * @param {() => void} props.onDelete
 * @param {() => void} props.onCompare
 * @param {() => void} props.onLook  at a run of a loop that is not ours, in its place
 */
export function KeptRunRow({ run, open, onToggle, onChange, onDelete, onCompare, onLook }) {
  const { t, say, catalog, words, state } = usePage();
  const body = `kept-${run.id}`;
  const isShown = state.runs.some(({ kept }) => kept?.id === run.id);
  const isFull = !isShown && state.runs.length >= catalog.limits.max_compared_runs;
  const origin = originOf(run, t);
  const hindrance = hindranceOf(run, { t, say });
  const loss = lossOf(run, t);
  const facts = [stateOf(run, t), sizeOf(run.bytes), dateOf(run.created, words.tag)];
  return html`<li class=${open ? "kept-run is-open" : "kept-run"} data-kept=${run.id}>
    <div class="kept-head">
      <span class=${`kept-light kept-light-${run.ended?.reason ?? run.state}`} aria-hidden="true"></span>
      <h3 class="kept-title">
        <button
          type="button"
          class="kept-name"
          aria-expanded=${String(open)}
          aria-controls=${open ? body : undefined}
          onClick=${onToggle}
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
      <span class="kept-loss" tabindex="0" data-hint=${loss.title}>${loss.text}</span>
      ${
        isOurs(run) &&
        html`<button
          type="button"
          class="button"
          disabled=${isFull}
          data-hint=${isFull ? t("controls.runs.full", { count: catalog.limits.max_compared_runs }) : undefined}
          aria-label=${t(isShown ? "controls.kept.showNamed" : "controls.kept.compareNamed", { name: run.name })}
          onClick=${onCompare}
        >
          ${t(isShown ? "controls.kept.show" : "controls.kept.compare")}
        </button>`
      }
      ${
        isWatched(run) &&
        html`<button
          type="button"
          class="button"
          aria-label=${t("controls.kept.showNamed", { name: run.name })}
          onClick=${onLook}
        >
          ${t("controls.kept.show")}
        </button>`
      }
    </div>
    ${isOurs(run) && html`<${Recipe} run=${run} />`}
    ${hindrance !== "" && html`<p class="kept-note">${hindrance}</p>`}
    <p class="kept-facts">${facts.map((fact) => html`<span key=${fact}>${fact}</span>`)}</p>
    ${
      origin !== "" &&
      html`<p class="kept-facts">
        <span class="kept-fork"><${Icon} name="fork" /></span> ${origin}
      </p>`
    }
    ${open && html`<${KeptDetails} id=${body} run=${run} onChange=${onChange} onDelete=${onDelete} />`}
  </li>`;
}

/**
 * What a run was trained with, and on what.
 *
 * @param {{run: KeptRun}} props
 */
function Recipe({ run }) {
  const page = usePage();
  const { optimizer, problem } = run.config;
  const entry = page.catalog.problems.find(({ name }) => name === problem.name);
  const parts = [optimizer.name, tellParts(cardOf(run, page.catalog), page)];
  return html`<p class="kept-facts">
    <span class="code">${parts.filter(Boolean).join(" · ")}</span>
    <span>${entry?.title ?? problem.name}</span>
  </p>`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {KeptRun} props.run
 * @param {(run: KeptRun) => void} props.onChange
 * @param {() => void} props.onDelete
 */
export function KeptDetails({ id, run, onChange, onDelete }) {
  const { t, say, kept } = usePage();
  const command = useCommand(async () => onChange(await kept.api.get(run.id)));
  /** @param {{name?: string, pinned?: boolean}} changes */
  const edit = (changes) => command.run(async () => onChange(await kept.api.edit(run, changes)));
  const remove = () =>
    command.run(async () => {
      await kept.api.remove(run);
      onDelete();
    });
  return html`<div id=${id} class="kept-body">
    ${(run.origin?.notices ?? []).map((note) => html`<p key=${note.detail} class="kept-note">${say(note)}</p>`)}
    <${Rename}
      id=${`${id}-name`}
      name=${run.name}
      busy=${command.busy}
      onRename=${(/** @type {string} */ name) => edit({ name })}
    />
    <${KeptCommands} id=${id} run=${run} onChange=${onChange} />
    <div class="kept-actions">
      <button
        type="button"
        class="button"
        aria-pressed=${String(run.pinned)}
        data-hint=${t("controls.kept.pinHint")}
        disabled=${command.busy}
        onClick=${() => edit({ pinned: !run.pinned })}
      >
        <${Icon} name="pin" />${t(run.pinned ? "controls.kept.unpin" : "controls.kept.pin")}
      </button>
      ${
        isOurs(run) &&
        html`<a
          class="button"
          href=${kept.api.checkpoint(run.id, run.step)}
          download
          data-hint=${t("controls.kept.checkpointHint")}
        >
          <${Icon} name="download" />${t("controls.kept.checkpoint", { step: run.step })}
        </a>`
      }
      <${Delete} name=${run.name} busy=${command.busy} onDelete=${remove} />
    </div>
    <${Trouble} trouble=${command.trouble} />
  </div>`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.name
 * @param {boolean} props.busy
 * @param {(name: string) => void} props.onRename
 */
function Rename({ id, name, busy, onRename }) {
  const { t } = usePage();
  const [draft, setDraft] = useState(name);
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  useLayoutEffect(() => setDraft(name), [name]); // before anybody can have typed
  /** @param {Event} event */
  const onSubmit = (event) => {
    event.preventDefault();
    if (problem === null && draft !== name) onRename(draft);
  };
  return html`<form class="kept-rename" onSubmit=${onSubmit}>
    <${TextInput}
      id=${id}
      text=${name}
      kind="plain"
      atOnce
      label=${t("controls.kept.name")}
      read=${readText}
      wrong=${problem !== null}
      onChange=${setDraft}
      onProblem=${setProblem}
    />
    <button class="button" disabled=${busy || draft === name || problem !== null}>
      ${t("controls.kept.rename")}
    </button>
  </form>`;
}

/**
 * Deleting asks once.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {boolean} props.busy
 * @param {() => void} props.onDelete
 */
function Delete({ name, busy, onDelete }) {
  const { t } = usePage();
  const [asks, setAsks] = useState(false);
  const no = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useEffect(() => {
    if (asks) no.current?.focus();
  }, [asks]);
  if (!asks) {
    return html`<button type="button" class="button button-danger" onClick=${() => setAsks(true)}>
      <${Icon} name="trash" />${t("controls.kept.delete")}
    </button>`;
  }
  return html`<div class="kept-confirm" role="group" aria-label=${t("controls.kept.deleteNamed", { name })}>
    <span>${t("controls.kept.deleteAsk")}</span>
    <button type="button" class="button button-danger" disabled=${busy} onClick=${onDelete}>
      ${t("controls.kept.delete")}
    </button>
    <button ref=${no} type="button" class="button" onClick=${() => setAsks(false)}>
      ${t("controls.dialog.cancel")}
    </button>
  </div>`;
}
