/**
 * The schedule studio: a schedule is piled up from pieces, and what it would do is drawn before anything is trained.
 */

import { html, useEffect, useMemo, useState } from "../../../vendor/preact/htm-preact.js";
import { compactNames } from "../../state/groups.js";
import { epochsOf, isComposite, layOut, leaves, pieceAt } from "../../state/schedule.js";
import { setMilestone } from "../../state/schedule-edits.js";
import { distinctLines } from "../../views/charts/schedule-figure.js";
import { formatNumber } from "../../views/drawing/numbers.js";
import { CodeBlock } from "../parts/code-block.js";
import { closeDialog, Dialog } from "../parts/dialog.js";
import { Errors } from "../parts/errors.js";
import { groupNames } from "../recipe/groups-part.js";
import { find } from "../parts/choices.js";
import { usePage } from "../parts/page.js";
import { PieceEditor, pointerOf } from "./piece-editor.js";
import { nameAt, pieceOf } from "../parts/pointers.js";
import { reveal } from "../parts/reveal.js";
import { SchedulePlot } from "./schedule-plot.js";
import { useSchedulePreview } from "../parts/schedule-preview.js";
import { SchedulePresets } from "./schedule-presets.js";
import { ScheduleStrip } from "./schedule-strip.js";
import { IntervalField } from "../recipe/scheduler-part.js";
import { WarningList } from "../parts/warnings.js";

/**
 * @typedef {import("../../api/resources.js").SchedulePreview} SchedulePreview
 * @typedef {import("../../state/schedule.js").Path} Path
 * @typedef {import("../../state/schedule.js").Piece} Piece
 * @typedef {import("../../state/schedule.js").Schedule} Schedule
 * @typedef {import("../../state/types.js").Run} Run
 * @typedef {import("../parts/page.js").RunView} RunView
 * @typedef {import("../parts/page.js").FieldProblem} FieldProblem
 */

/**
 * @param {object} props
 * @param {Run} props.run
 * @param {RunView} props.view
 * @param {import("../parts/warnings.js").PieceFocus | null} props.focus
 * @param {(schedule: Schedule | null) => void} props.onUse
 * @param {() => void} props.onClose
 */
export function ScheduleStudio({ run, view, focus, onUse, onClose }) {
  const { t, state } = usePage();
  const [schedule, setSchedule] = useState(/** @type {Schedule | null} */ (run.lr_scheduler));
  const [path, setPath] = useState(() => firstPath(schedule, focus?.path ?? []));
  const { lr_scheduler: _, ...others } = view.config;
  const preview = useSchedulePreview(schedule === null ? others : { ...others, lr_scheduler: schedule });
  const tree = schedule === null ? null : layOut(schedule, epochsOf(state.steps, schedule.interval));
  /**
   * @param {Schedule | null} next
   * @param {Path} [nextPath]
   */
  const edit = (next, nextPath = path) => {
    setSchedule(next);
    setPath(firstPath(next, nextPath));
  };
  useEffect(() => {
    if (focus !== null) reveal([`studio-${focus.name}`, "studio-length", "studio-class"]);
  }, []);
  const isSame = JSON.stringify(schedule) === JSON.stringify(run.lr_scheduler);
  return html`<${Dialog}
    id="studio"
    kind="dialog-studio"
    title=${t("controls.schedule.title", { name: view.label })}
    onClose=${onClose}
  >
    <div class="studio">
      <div class="studio-side">
        <${SchedulePresets}
          config=${view.config}
          onChoose=${(/** @type {Schedule} */ next) => edit(next, [])}
        />
        <${PieceEditor}
          schedule=${schedule}
          path=${path}
          errors=${preview.errors}
          groups=${groupNames(run.optimizer)}
          onChange=${edit}
        />
      </div>
      <div class=${preview.pending || preview.errors.length > 0 ? "studio-main is-stale" : "studio-main"}>
        ${
          tree !== null &&
          html`<${Pieces}
            tree=${tree}
            path=${path}
            errors=${preview.errors}
            onSelect=${setPath}
            onChange=${edit}
          />`
        }
        <${Elsewhere} errors=${preview.errors} tree=${tree} path=${path} />
        <${Findings}
          warnings=${preview.warnings}
          onPiece=${(/** @type {Path} */ piece) => setPath(firstPath(schedule, piece))}
        />
        ${preview.answer !== null && html`<${Drawing} answer=${preview.answer} view=${view} tree=${tree} />`}
      </div>
    </div>
    <footer class="dialog-foot">
      ${
        schedule !== null &&
        html`<${IntervalField}
          id="studio-interval"
          interval=${schedule.interval ?? 1}
          error=${preview.errors.find(({ pointer }) => pointer === "/lr_scheduler/interval")?.detail ?? null}
          onChange=${(/** @type {number} */ interval) => edit({ ...schedule, interval })}
        />`
      }
      <button
        type="button"
        class="button"
        onClick=${(/** @type {any} */ { currentTarget }) => closeDialog(currentTarget)}
      >
        ${t("controls.dialog.cancel")}
      </button>
      <button
        type="button"
        class="button button-primary"
        disabled=${isSame || preview.errors.length > 0}
        onClick=${(/** @type {any} */ { currentTarget }) => {
          onUse(schedule);
          closeDialog(currentTarget);
        }}
      >
        ${t("controls.schedule.use")}
      </button>
    </footer>
  <//>`;
}

/**
 * The place itself if a simple scheduler stands there, else the first one that does.
 *
 * @param {Schedule | null} schedule
 * @param {Path} path
 * @returns {Path}
 */
function firstPath(schedule, path) {
  if (schedule === null) return [];
  const tree = layOut(schedule, 1);
  const found = pieceAt(tree, path);
  return found !== null && !isComposite(found.schedule) ? path : leaves(tree)[0].path;
}

/**
 * @param {object} props
 * @param {Piece} props.tree
 * @param {Path} props.path
 * @param {FieldProblem[]} props.errors
 * @param {(path: Path) => void} props.onSelect
 * @param {(schedule: Schedule) => void} props.onChange
 */
function Pieces({ tree, path, errors, onSelect, onChange }) {
  const { t } = usePage();
  const beyond = leaves(tree).filter(({ start }) => start >= tree.end);
  return html`<${ScheduleStrip}
      piece=${tree}
      span=${[0, tree.end]}
      selected=${path}
      onSelect=${onSelect}
      onMilestone=${(
        /** @type {Path} */ sequence,
        /** @type {number} */ index,
        /** @type {number} */ milestone,
      ) => onChange(setMilestone(tree.schedule, sequence, index, milestone, tree.end))}
      isWrong=${(/** @type {Path} */ leaf) => errors.some(({ pointer }) => pointer.startsWith(`${pointerOf(leaf)}/`))}
    />
    ${
      beyond.length > 0 &&
      html`<p class="studio-note">
        ${t("controls.schedule.beyond")}
        ${beyond.map(
          (piece) =>
            html`<button
              key=${piece.path.join()}
              type="button"
              class="button-link"
              onClick=${() => onSelect(piece.path)}
            >
              ${piece.schedule.name}
            </button>`,
        )}
      </p>`
    }`;
}

/**
 * Errors that no control beside the plots shows.
 *
 * @param {{errors: FieldProblem[], tree: Piece | null, path: Path}} props
 */
function Elsewhere({ errors, tree, path }) {
  const own = tree === null || isComposite(tree.schedule) ? pointerOf(path) : pointerOf([]);
  const shown = errors.filter(({ pointer }) => !(tree !== null && pointer.startsWith(own)));
  return html`<${Errors} errors=${shown} className="studio-errors" />`;
}

/**
 * What is questionable about the schedule.
 *
 * @param {{warnings: import("../../api/resources.js").LintWarning[], onPiece: (path: Path) => void}} props
 */
function Findings({ warnings, onPiece }) {
  const own = warnings.filter(({ pointer }) => pointer.startsWith("/lr_scheduler"));
  if (own.length === 0) return null;
  /** @param {string} pointer */
  const onShow = (pointer) => {
    const piece = pieceOf(pointer) ?? { path: [], name: nameAt(pointer) };
    onPiece(piece.path);
    requestAnimationFrame(() => reveal([`studio-${piece.name}`, "studio-length", "studio-class"]));
  };
  return html`<div class="studio-warnings"><${WarningList} warnings=${own} onShow=${onShow} /></div>`;
}

/** @param {{answer: SchedulePreview, view: RunView, tree: Piece | null}} props */
function Drawing({ answer, view, tree }) {
  const { t, say, state, catalog } = usePage();
  const [chosen, setCursor] = useState(1);
  const [isCompared, setCompared] = useState(false);
  const lines = useMemo(() => linesOf(answer), [answer]);
  const cursor = Math.max(1, Math.min(chosen, state.steps));
  const { momentum_key: key } = find(catalog.optimizers, view.config.optimizer.name);
  const momentum = key === "betas" ? "betas[0]" : "momentum";
  const moved = Object.entries(lines.moved).filter(([name]) => name !== momentum);
  const reading = readAt(answer, cursor, momentum, t);
  const shared = {
    color: view.color,
    steps: state.steps,
    milestones: tree === null ? [] : milestonesOf(tree),
    cursor,
    reading,
    onCursor: setCursor,
  };
  return html`<${SchedulePlot}
      ...${shared}
      title="lr"
      lines=${lines.lr}
      asides=${isCompared ? lines.getLr : undefined}
      hasSteps=${lines.momentum === null && moved.length === 0}
    />
    ${
      lines.momentum !== null &&
      html`<${SchedulePlot}
        ...${shared}
        title=${momentum}
        lines=${lines.momentum}
        most=${1}
        hasSteps=${moved.length === 0}
      />`
    }
    ${moved.map(
      ([name, values], index) =>
        html`<${SchedulePlot}
          key=${name}
          ...${shared}
          title=${name}
          lines=${values}
          hasSteps=${index === moved.length - 1}
        />`,
    )}
    <div class="studio-reading">
      <output class="code">${reading}</output>
      ${
        answer.getLr !== null &&
        html`<label class="studio-compare">
          <input
            type="checkbox"
            class="check"
            checked=${isCompared}
            onChange=${(/** @type {any} */ { currentTarget }) => setCompared(currentTarget.checked)}
          />
          <span class="code">get_lr()</span>
        </label>`
      }
    </div>
    ${isCompared && answer.getLr !== null && html`<p class="studio-note">${t("controls.schedule.getLr")}</p>`}
    ${answer.needsRun && html`<p class="studio-note">${t("controls.schedule.needsRun")}</p>`}
    ${
      answer.ended !== null &&
      html`<p class="studio-note is-wrong">${t("controls.schedule.ended", { detail: say(answer.ended) })}</p>`
    }
    <${CodeBlock} code=${answer.code} label=${t("controls.schedule.code")} />`;
}

/** @param {SchedulePreview} answer */
function linesOf({ groups, lr, momentum, moved, getLr }) {
  const names = groups.map(({ params }) => compactNames(params).join(" "));
  const asides = names.map(() => "get_lr()");
  return {
    lr: distinctLines(lr, names),
    momentum: momentum === null || momentum.every(isZero) ? null : distinctLines(momentum, names),
    moved: Object.fromEntries(
      Object.entries(moved).map(([name, columns]) => [spelled(name), distinctLines(columns, names)]),
    ),
    getLr: getLr === null ? [] : distinctLines(getLr, asides),
  };
}

/**
 * A hyperparameter as Python reads it in a param group: one of a pair by its index.
 *
 * @param {string} name  betas/0
 */
function spelled(name) {
  return name.replace(/\/(\d+)$/, "[$1]");
}

/**
 * Whether an optimizer has no momentum to speak of.
 *
 * @param {ArrayLike<number>} values
 */
function isZero(values) {
  return Array.from(values).every((value) => value === 0 || Number.isNaN(value));
}

/**
 * Where one piece takes over from another, in steps.
 *
 * @param {Piece} tree
 * @returns {number[]}
 */
function milestonesOf(tree) {
  const interval = tree.schedule.interval ?? 1;
  const starts = leaves(tree).map(({ start }) => start);
  return [...new Set(starts)]
    .filter((start) => start > 0 && start < tree.end)
    .map((start) => 1 + start * interval);
}

/**
 * What torch would answer during a step, of the groups that are there by then.
 *
 * @param {SchedulePreview} answer
 * @param {number} step
 * @param {string} name  of the momentum
 * @param {import("../parts/page.js").Page["t"]} t
 */
function readAt({ lr, momentum, moved, lastEpoch, getLr }, step, name, t) {
  const added = lr.flatMap((values, group) => (Number.isNaN(values[step - 1]) ? [] : [group]));
  const at = (/** @type {ArrayLike<number>[]} */ columns) =>
    added.map((group) => formatNumber(columns[group][step - 1] ?? null)).join(", ");
  const differs = getLr !== null && added.some((group) => getLr[group][step - 1] !== lr[group][step - 1]);
  return [
    t("controls.schedule.reading", { step }),
    ...(lastEpoch === null ? [] : [`last_epoch ${lastEpoch[step - 1] ?? "–"}`]),
    `get_last_lr() [${at(lr)}]`,
    ...(differs ? [`get_lr() [${at(getLr)}]`] : []),
    ...(momentum === null ? [] : [`${name} [${at(momentum)}]`]),
    ...Object.entries(moved)
      .filter(([key]) => spelled(key) !== name)
      .map(([key, columns]) => `${spelled(key)} [${at(columns)}]`),
  ].join("  ");
}
