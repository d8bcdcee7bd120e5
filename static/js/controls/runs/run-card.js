/**
 * One run of the comparison: its mark, its optimizer and its loss; opened, everything that makes it.
 */

import { html, useMemo, useState } from "../../../vendor/preact/htm-preact.js";
import { addRun, editRun, removeRun } from "../../state/edits.js";
import { layerOf, windowsOf } from "../../state/freezing.js";
import { shortWindow, tellWindow } from "../../state/freezing-words.js";
import { rounded, shortName } from "../../state/labels.js";
import { layersOn } from "../../state/layers.js";
import { markerPath } from "../../views/drawing/markers.js";
import { AveragePart } from "../recipe/average-part.js";
import { ClipPart } from "../recipe/clip-part.js";
import { FactorsPart } from "../recipe/factors-part.js";
import { RunEnd } from "./run-end.js";
import { Errors, isShared } from "../parts/errors.js";
import { GroupsPart } from "../recipe/groups-part.js";
import { Icon } from "../parts/icons.js";
import { KeepButton } from "../kept/keep-button.js";
import { ForkButton, KeptSettings } from "../kept/kept-card.js";
import { WatchedSettings } from "../kept/watched-card.js";
import { placeOf, stepOf } from "../kept/kept-words.js";
import { LayersPart } from "../recipe/layers-part.js";
import { LoopPart } from "../recipe/loop-part.js";
import { OptimizerPart } from "../recipe/optimizer-part.js";
import { later } from "../parts/later.js";
import { usePage } from "../parts/page.js";
import { controlIds } from "../parts/pointers.js";
import { reveal } from "../parts/reveal.js";
import { tellParts } from "../recipe/run-summary.js";
import { isWatchedCard } from "../../state/watched.js";
import { SchedulerPart } from "../recipe/scheduler-part.js";
import { TuneButton } from "../parts/tune-button.js";
import { Warnings } from "../parts/warnings.js";

const CodeDialog = later(async () => (await import("./code-dialog.js")).CodeDialog);
const BreakDialog = later(async () => (await import("./break-dialog.js")).BreakDialog);
const ScheduleStudio = later(async () => (await import("../schedule/schedule-studio.js")).ScheduleStudio);

/**
 * @typedef {import("../../state/types.js").Run} Run
 * @typedef {import("../parts/page.js").RunView} RunView
 */

/**
 * @param {object} props
 * @param {Run} props.run
 * @param {RunView} props.view
 * @param {number} props.number  counted from 1
 * @param {boolean} props.open
 * @param {() => void} props.onToggle
 */
export function RunCard({ run, view, number, open, onToggle }) {
  const page = usePage();
  const { t, state } = page;
  const name = view.label;
  const selected = state.selected === run.slot;
  const body = `run-${run.slot}-settings`;
  const [exact, short] = useMemo(
    () => [tellParts(run, page), tellParts(run, page, rounded)],
    [run, t, page.catalog],
  );
  const opens = isWatchedCard(run) ? "look" : "edit";
  const hint = [
    t(`controls.runs.${open ? "done" : opens}`, { name }),
    ...(exact === short ? [] : [exact]),
  ].join("\n");
  /** @param {string} pointer */
  const onShow = (pointer) => {
    if (!open) onToggle();
    requestAnimationFrame(() => reveal(controlIds(pointer, body))); // an open card has its controls by then
  };
  return html`<li>
    <article
      class=${["card", selected && "is-selected", open && "is-open", view.stale && "is-stale"].filter(Boolean).join(" ")}
      aria-label=${t("controls.runs.card", { number, name })}
      data-run=${view.id}
    >
      <header class="card-head">
        <${Mark} view=${view} />
        <h3 class="card-title">
          <button
            type="button"
            class="card-button"
            aria-expanded=${String(open)}
            aria-controls=${open ? body : undefined}
            aria-current=${selected ? "true" : undefined}
            data-hint=${hint}
            onClick=${onToggle}
          >
            ${run.kept?.watched ?? shortName(run.optimizer.name)}
          </button>
        </h3>
        <span class="card-loss" data-loss=${view.id}></span>
        <span class="card-chevron"><${Icon} name="chevron" /></span>
        <p class="card-summary"><${Summary} run=${run} view=${view} parts=${short} /></p>
        <p class="card-end" data-end=${view.id}></p>
      </header>
      ${view.queue !== null && html`<${Waiting} queue=${view.queue} />`}
      <${RunEnd} run=${run} view=${view} onShow=${onShow} />
      ${!open && html`<${Errors} errors=${view.errors.filter((error) => !isShared(error))} />`}
      ${open && html`<${settingsOf(run)} id=${body} run=${run} view=${view} />`}
    </article>
  </li>`;
}

/** @param {Run} run */
function settingsOf(run) {
  if (run.kept === undefined) return Settings;
  return isWatchedCard(run) ? WatchedSettings : KeptSettings;
}

/** @param {{queue: NonNullable<RunView["queue"]>}} props */
function Waiting({ queue }) {
  const { t, cancel } = usePage();
  return html`<p class="card-wait">
    <span role="status">${t("controls.runs.waiting", queue)}</span>
    <button type="button" class="button-link" onClick=${cancel}>${t("controls.runs.cancel")}</button>
  </p>`;
}

/** @param {{view: RunView}} props */
function Mark({ view }) {
  return html`<svg
    class="card-mark"
    width="26"
    height="14"
    viewBox="-13 -7 26 14"
    aria-hidden="true"
    focusable="false"
  >
    <line
      x1="-13"
      x2="13"
      stroke=${view.color}
      stroke-width="2"
      stroke-dasharray=${view.dash.join(" ") || undefined}
    />
    <path d=${markerPath(view.marker, 4)} fill=${view.color} />
  </svg>`;
}

/**
 * What makes the run, in a line.
 *
 * @param {{run: Run, view: RunView, parts: string}} props
 */
function Summary({ run, view, parts }) {
  const page = usePage();
  const { t, problem, state } = page;
  const layers = layersOn(problem, state.hidden);
  const windows = windowsOf(run.freeze).filter(
    ({ name, from }) => layers.includes(layerOf(name)) && from < state.steps,
  );
  const warnings = view.history?.warnings ?? [];
  const named = isWatchedCard(run) ? [shortName(run.optimizer.name), parts] : [parts];
  return html`${run.kept !== undefined && html`<${KeptBadge} kept=${run.kept} />`}<span class="code"
      >${named.filter(Boolean).join(" · ")}</span
    >
    ${
      windows.length > 0 &&
      html`<span
        class="badge badge-lock"
        tabindex="0"
        data-hint=${windows.map((window) => tellWindow(window, state.steps, t)).join("\n")}
      >
        <${Icon} name="lock" /><span class="code"
          >${windows.map((window) => shortWindow(window, state.steps)).join(", ")}</span
        >
      </span>`
    }
    ${
      warnings.length > 0 &&
      html`<span class="badge badge-warning" tabindex="0" data-hint=${warnings.map(page.say).join("\n")}>
        <${Icon} name="warning" />${t("controls.runs.warnings", { count: warnings.length })}
      </span>`
    }`;
}

/** @param {{kept: import("../../state/types.js").KeptReference}} props */
function KeptBadge({ kept }) {
  const { t, kept: known } = usePage();
  const followed = known.get(kept.id);
  const state = followed?.document?.state ?? "ended";
  const place = followed?.document ? placeOf(followed.document) : null;
  const words =
    followed?.status === "gone" || followed?.status === "lost"
      ? t(`controls.kept.badge.${followed.status}`)
      : place !== null
        ? t("controls.kept.badge.queued", place)
        : kept.watched !== undefined
          ? t(`controls.kept.badge.${state === "running" ? "live" : "watched"}`)
          : state === "ended"
            ? kept.first === 0
              ? t("controls.kept.badge.kept")
              : t(
                  kept.without.length === 0 ? "controls.kept.badge.fork" : "controls.kept.badge.forkWithout",
                  {
                    step: kept.first,
                  },
                )
            : t(`controls.kept.badge.${state}`, { step: followed?.document ? stepOf(followed.document) : 0 });
  return html`<span class=${`badge badge-kept badge-${state}`}>
    <${Icon} name=${kept.first === 0 || kept.watched !== undefined ? "archive" : "fork"} />${words}
  </span>`;
}

/** What is open over the page. @typedef {{kind: "code" | "break"} | {kind: "studio", focus: PieceFocus | null}} Opened */

/** @typedef {import("../parts/warnings.js").PieceFocus} PieceFocus */

/** Pointers that a control of the card shows the errors of. */
const SHOWN_AT = [
  "/optimizer",
  "/lr_scheduler",
  "/clip_grad",
  "/freeze",
  "/loop",
  "/average",
  "/hyperparameter_schedules",
];

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Run} props.run
 * @param {RunView} props.view
 */
function Settings({ id, run, view }) {
  const { t, catalog, state, edit, problem } = usePage();
  const [opened, setOpened] = useState(/** @type {Opened | null} */ (null));
  // A dialog tells late that it was closed: another one may be open by then.
  const onClose = () => setOpened((now) => (now === opened ? null : now));
  /** @param {PieceFocus | null} focus */
  const openStudio = (focus) => setOpened({ kind: "studio", focus });
  /** @param {Partial<Run>} change */
  const change = (change) => edit((now) => editRun(now, run.slot, change));
  const elsewhere = view.errors.filter(
    (error) => !isShared(error) && !SHOWN_AT.some((at) => error.pointer.startsWith(at)),
  );
  const full = state.runs.length >= catalog.limits.max_compared_runs;
  return html`<div class="card-body" id=${id}>
    <${Errors} errors=${elsewhere} />
    <${Warnings} warnings=${view.history?.warnings ?? []} card=${id} onPiece=${openStudio} />
    <${OptimizerPart} id=${id} run=${run} errors=${view.errors} change=${change} />
    ${
      problem.kind !== "function" &&
      html`<${GroupsPart} id=${id} run=${run} errors=${view.errors} change=${change} />`
    }
    <${SchedulerPart}
      id=${id}
      run=${run}
      errors=${view.errors}
      change=${change}
      onStudio=${() => openStudio(null)}
    />
    <${FactorsPart} id=${id} run=${run} errors=${view.errors} change=${change} />
    <${ClipPart} id=${id} run=${run} errors=${view.errors} change=${change} />
    ${
      problem.kind !== "function" &&
      html`<${LayersPart} id=${id} run=${run} errors=${view.errors} change=${change} />`
    }
    <${AveragePart} id=${id} run=${run} errors=${view.errors} change=${change} />
    <${LoopPart}
      id=${id}
      run=${run}
      errors=${view.errors}
      change=${change}
      onBreak=${() => setOpened({ kind: "break" })}
    />
    <footer class="card-actions">
      <button type="button" class="button card-code" onClick=${() => setOpened({ kind: "code" })}>
        <${Icon} name="code" />${t("controls.code.open")}
      </button>
      <${KeepButton} view=${view} />
      <${ForkButton} run=${run} view=${view} />
      <${TuneButton} run=${run} />
      <button
        type="button"
        class="button"
        disabled=${full}
        onClick=${() => edit((now) => addRun(now, run.slot))}
      >
        <${Icon} name="copy" />${t("controls.runs.duplicate")}
      </button>
      <button
        type="button"
        class="button button-danger"
        disabled=${state.runs.length === 1}
        onClick=${() => edit((now) => removeRun(now, run.slot))}
      >
        <${Icon} name="trash" />${t("controls.runs.remove")}
      </button>
    </footer>
    ${opened?.kind === "code" && html`<${CodeDialog} view=${view} onClose=${onClose} />`}
    ${opened?.kind === "break" && html`<${BreakDialog} run=${run} name=${view.label} onClose=${onClose} />`}
    ${
      opened?.kind === "studio" &&
      html`<${ScheduleStudio}
        run=${run}
        view=${view}
        focus=${opened.focus}
        onUse=${(/** @type {Run["lr_scheduler"]} */ schedule) => change({ lr_scheduler: schedule })}
        onClose=${onClose}
      />`
    }
  </div>`;
}
