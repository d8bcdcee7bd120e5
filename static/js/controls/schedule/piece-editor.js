/**
 * The selected piece of a schedule: which scheduler it is, its arguments, its time, and what can be built onto it.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { epochsOf, isSequence, layOut, leaves, pieceAt } from "../../state/schedule.js";
import {
  follow,
  handOver,
  join,
  makePiece,
  moveAt,
  obstacle,
  removeAt,
  replaceAt,
  setMilestone,
  settled,
} from "../../state/schedule-edits.js";
import { ChoiceNotes } from "../parts/choice-notes.js";
import { SelectField } from "../parts/field.js";
import { PlainNumber } from "../parts/number-field.js";
import { Hyperparameters } from "../parts/hyperparameters.js";
import { Icon } from "../parts/icons.js";
import { find } from "../parts/choices.js";
import { EpochField } from "../recipe/scheduler-part.js";
import { errorAt, usePage } from "../parts/page.js";
import { below, ownError } from "../parts/pointers.js";

/**
 * @typedef {import("../../state/schedule.js").Path} Path
 * @typedef {import("../../state/schedule.js").Piece} Piece
 * @typedef {import("../../state/schedule.js").Schedule} Schedule
 * @typedef {import("../../state/types.js").Choice} Choice
 * @typedef {import("../parts/page.js").FieldProblem} FieldProblem
 *
 * @typedef {object} EditorProps
 * @property {Schedule | null} schedule
 * @property {Path} path  of the selected piece
 * @property {FieldProblem[]} errors  pointers into the configuration
 * @property {string[]} groups
 * @property {(schedule: Schedule | null, path: Path) => void} onChange
 */

/** What a new piece is, until another is chosen. */
const FIRST_CHOICE = "CosineAnnealingLR";

/** @param {EditorProps} props */
export function PieceEditor(props) {
  const { t } = usePage();
  const { schedule, path } = props;
  if (schedule === null) {
    return html`<section class="piece">
      <${ClassField} ...${props} piece=${null} />
      <p class="piece-note">${t("controls.schedule.constant")}</p>
    </section>`;
  }
  const tree = useTree(schedule);
  const piece = pieceAt(tree, path);
  if (piece === null) return null;
  return html`<section class="piece" aria-label=${t("controls.schedule.selected")}>
    <${Hands} ...${props} schedule=${schedule} />
    ${path.length > 0 && html`<${PieceHead} ...${props} schedule=${schedule} tree=${tree} />`}
    <${ClassField} ...${props} piece=${piece} />
    <${LengthField} ...${props} schedule=${schedule} tree=${tree} piece=${piece} />
    <${Arguments} ...${props} schedule=${schedule} piece=${piece} />
    <${Growth} ...${props} schedule=${schedule} />
  </section>`;
}

/** @param {Schedule} schedule */
function useTree(schedule) {
  const { state } = usePage();
  return layOut(schedule, epochsOf(state.steps, schedule.interval));
}

/**
 * Who calls the pieces of a sequence in turn: torch's class, or the loop.
 *
 * @param {EditorProps & {schedule: Schedule}} props
 */
function Hands({ schedule, path, errors, onChange }) {
  const { t, catalog } = usePage();
  if (!isSequence(schedule)) return null;
  const isFixed = settled(handOver(schedule, false), metricOf(catalog)).name !== "SequentialLR";
  const choice = find(catalog.lr_schedulers, schedule.name);
  return html`<${SelectField}
      id="studio-hands"
      label=${t("controls.schedule.hands")}
      value=${schedule.name}
      options=${[
        { value: "SequentialLR", label: "SequentialLR", disabled: isFixed },
        { value: "HandOver", label: t("controls.schedule.byHand") },
      ]}
      error=${ownError(errors, pointerOf([]))}
      onChange=${(/** @type {string} */ name) => onChange(handOver(schedule, name === "HandOver"), path)}
    />
    <p class="piece-note">${choice.summary}</p>`;
}

/**
 * The schedulers whose step takes the loss.
 *
 * @param {import("../../state/types.js").Catalog} catalog
 */
function metricOf({ lr_schedulers: schedulers }) {
  return schedulers.filter(({ needs_metric: needs }) => needs === true).map(({ name }) => name);
}

/** @param {EditorProps & {schedule: Schedule, tree: Piece}} props */
function PieceHead({ schedule, path, tree, onChange }) {
  const { t } = usePage();
  const all = leaves(tree);
  const number = 1 + all.findIndex((leaf) => leaf.path.join() === path.join());
  const parent = /** @type {Piece} */ (pieceAt(tree, path.slice(0, -1)));
  const index = path[path.length - 1];
  const inTurn = isSequence(parent.schedule);
  /** @param {1 | -1} direction */
  const move = (direction) => {
    const moved = moveAt(schedule, path, direction, tree.end);
    onChange(moved.schedule, moved.path);
  };
  const remove = () => {
    const rest = removeAt(schedule, path, tree.end);
    const first = rest === null ? [] : leaves(layOut(rest, tree.end))[0].path;
    onChange(rest, first);
  };
  /**
   * @param {"earlier" | "later"} to
   * @param {1 | -1} direction
   */
  const moveButton = (to, direction) =>
    html`<button
      type="button"
      class="icon-button"
      aria-label=${t(`controls.schedule.${to}`)}
      data-hint=${t(`controls.schedule.${to}`)}
      disabled=${parent.parts[index + direction] === undefined}
      onClick=${() => move(direction)}
    >
      <${Icon} name=${inTurn ? (direction < 0 ? "left" : "right") : direction < 0 ? "up" : "down"} />
    </button>`;
  return html`<header class="piece-head">
    <h3>${t("controls.schedule.number", { number, count: all.length })}</h3>
    ${moveButton("earlier", -1)} ${moveButton("later", 1)}
    <button
      type="button"
      class="icon-button"
      aria-label=${t("controls.schedule.remove")}
      data-hint=${t("controls.schedule.remove")}
      onClick=${remove}
    >
      <${Icon} name="trash" />
    </button>
  </header>`;
}

/** @param {EditorProps & {piece: Piece | null}} props */
function ClassField({ schedule, path, piece, errors, onChange }) {
  const { t, catalog, state } = usePage();
  const isWhole = path.length === 0;
  const mayWait = schedule === null || isCalled(schedule, path);
  const choices = catalog.lr_schedulers.filter(
    ({ composite, needs_metric: needsMetric }) => composite !== true && (mayWait || needsMetric !== true),
  );
  /** @param {string} name */
  const choose = (name) => {
    if (name === "") return onChange(null, []);
    const choice = find(catalog.lr_schedulers, name);
    const length = piece === null ? state.steps : piece.end - piece.start;
    const next = makePiece(choice, length, piece?.schedule);
    return onChange(
      schedule === null ? next : settled(replaceAt(schedule, path, next), metricOf(catalog)),
      path,
    );
  };
  return html`<${SelectField}
    id="studio-class"
    label=${t("controls.schedule.scheduler")}
    value=${piece?.schedule.name ?? ""}
    options=${[
      ...(isWhole ? [{ value: "", label: t("controls.runs.noScheduler") }] : []),
      ...choices.map(({ name }) => ({ value: name, label: name })),
    ]}
    error=${piece === null ? null : ownError(errors, pointerOf(path))}
    onChange=${choose}
  />`;
}

/**
 * How long a piece lasts until the next one takes over.
 *
 * @param {EditorProps & {schedule: Schedule, tree: Piece, piece: Piece}} props
 */
function LengthField({ schedule, path, tree, piece, errors, onChange }) {
  const { t, catalog } = usePage();
  const parent = path.length === 0 ? null : pieceAt(tree, path.slice(0, -1));
  const index = path[path.length - 1];
  if (parent === null || !isSequence(parent.schedule) || index === parent.parts.length - 1) return null;
  const error = errors.find(({ pointer }) => pointer.endsWith(`/milestones/${index}`))?.detail ?? null;
  return html`<${PlainNumber}
    id="studio-length"
    label=${t("controls.schedule.length")}
    hint=${t("controls.schedule.lengthHelp")}
    value=${piece.end - piece.start}
    bounds=${{ minimum: 1, maximum: catalog.limits.max_steps }}
    error=${error}
    onChange=${(/** @type {number} */ length) => {
      const milestone = piece.start - parent.start + length;
      onChange(setMilestone(schedule, parent.path, index, milestone, tree.end), path);
    }}
  />`;
}

/** @param {EditorProps & {schedule: Schedule, piece: Piece}} props */
function Arguments({ schedule, path, piece, errors, groups, onChange }) {
  const { catalog } = usePage();
  const choice = find(catalog.lr_schedulers, piece.schedule.name);
  return html`<${Hyperparameters}
      id="studio"
      call=${piece.schedule}
      choice=${choice}
      errors=${below(errors, pointerOf(path))}
      groups=${groups}
      brief=${choice.hyperparameters.length > MANY}
      onChange=${(/** @type {Schedule} */ next) => onChange(replaceAt(schedule, path, next), path)}
    />
    ${
      isCalled(schedule, path) &&
      html`<${EpochField}
        id="studio-epoch_steps"
        schedule=${piece.schedule}
        choice=${choice}
        error=${errorAt(errors, `${pointerOf(path)}/epoch_steps`)}
        onChange=${(/** @type {Schedule} */ next) =>
          onChange(settled(replaceAt(schedule, path, next), metricOf(catalog)), path)}
      />`
    }
    <${ChoiceNotes} choice=${choice} />`;
}

/**
 * Whether the loop itself calls what stands at a place, or could.
 *
 * @param {Schedule} schedule
 * @param {Path} path
 */
function isCalled(schedule, path) {
  return path.length === 0 || (path.length === 1 && isSequence(schedule));
}

/** A scheduler with more arguments than these shows the less common ones on demand. */
const MANY = 6;

/** @param {EditorProps & {schedule: Schedule}} props */
function Growth({ schedule, path, onChange }) {
  const { t, catalog, state } = usePage();
  const epochs = epochsOf(state.steps, schedule.interval);
  const limits = /** @type {any} */ (catalog.limits);
  const choice = find(catalog.lr_schedulers, FIRST_CHOICE);
  const ways = /** @type {const} */ ([
    { how: "follow", grow: follow, icon: "right" },
    { how: "join", grow: join, icon: "down" },
  ]);
  const metric = metricOf(catalog);
  const waits = metric.includes(pieceAt(useTree(schedule), path)?.schedule.name ?? "");
  return html`<div class="piece-growth">
    ${ways.map(({ how, grow, icon }) => {
      const why = waits && how === "join" ? "metric" : obstacle(schedule, path, how, limits);
      return html`<button
        key=${how}
        type="button"
        class="button"
        disabled=${why !== null}
        data-hint=${why === null ? t(`controls.schedule.${how}Help`) : t(`controls.schedule.obstacle.${why}`)}
        onClick=${() => {
          const grown = grow(schedule, path, (length) => makePiece(choice, length), epochs);
          onChange(settled(grown.schedule, metric), grown.path);
        }}
      >
        <${Icon} name="plus" />${t(`controls.schedule.${how}`)}<${Icon} name=${icon} />
      </button>`;
    })}
  </div>`;
}

/**
 * Where a piece stands in the configuration.
 *
 * @param {Path} path
 */
export function pointerOf(path) {
  return `/lr_scheduler${path.map((index) => `/schedulers/${index}`).join("")}`;
}
