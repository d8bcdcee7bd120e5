/**
 * Points of somebody's own: a table that is written, pasted, chosen or dropped, and what is made of it.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { PointsError, columnsOf, readTable } from "../../state/points/table.js";
import { decoded } from "../../state/points/text.js";
import { textOf } from "../../state/points/problem.js";
import { isInLink } from "../../state/points/link.js";
import { SelectField, ToggleField } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { PlainNumber } from "../parts/number-field.js";
import { sharedError, usePage } from "../parts/page.js";
import { ProblemPicture } from "./problem-picture.js";
import { pictureOf } from "./points-picture.js";

/**
 * @typedef {import("../../state/points/table.js").Loss} Loss
 * @typedef {import("../../state/points/table.js").Wrong} Wrong
 * @typedef {import("../../state/types.js").Points} Points
 *
 * @typedef {object} Draft  what stands in the field
 * @property {string} text
 * @property {string | null} label  the column of labels; null: the last one
 * @property {Loss | null} loss  null: as the column says
 */

/** A file is no larger, so that the field stays one that can be written in. */
const LARGEST_FILE = 2 ** 20;

/** How long nothing is written before it is read. */
const PAUSE_MS = 400;

/** Kinds of input that come at once, so that nothing is waited for. */
const WHOLE = new Set(["insertFromPaste", "insertFromDrop"]);

/** @typedef {ReturnType<typeof decoded>} Given  the text of a file */

/** What was brought before the field was there. @type {Given | null} */
let brought = null;

/** @param {Given} file  what is to stand in the field when it is shown next */
export function bring(file) {
  brought = file;
}

export function PointsField() {
  const page = usePage();
  const { t, state, problem, catalog, edit, undo } = page;
  const points = state.points ?? /** @type {Points} */ (problem.option_defaults.points);
  const [draft, setDraft] = useState(/** @type {Draft | null} */ (null));
  const [read, setRead] = useState(/** @type {{wrong: Wrong[], told: string}} */ ({ wrong: [], told: "" }));
  const shown = draft ?? { text: textOf(points), label: null, loss: null };

  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const waiting = useRef(/** @type {(() => void) | null} */ (null)); // takes what is written, after a pause
  const leave = () => {
    clearTimeout(timer.current);
    waiting.current = null;
  };
  useEffect(() => {
    leave();
    setDraft(null);
    setRead({ wrong: [], told: "" });
  }, [undo.turns]);
  useEffect(() => () => waiting.current?.(), []);

  /**
   * @param {Draft} next
   * @param {Given["encoding"]} [encoding]
   */
  const take = (next, encoding = "UTF-8") => {
    leave();
    setDraft(next);
    try {
      const { x, y, loss, ...table } = within(readTable(next.text, next.label, next.loss), catalog.limits);
      edit((now) => (now.problem === "points" ? { points: { ...points, x, y, loss } } : {}));
      const told = table.classes === null ? [] : [t("controls.points.classes", classesIn(table))];
      if (encoding !== "UTF-8") told.push(t("controls.points.encoding", { encoding }));
      setRead({ wrong: [], told: told.join(" ") });
    } catch (error) {
      if (!(error instanceof PointsError)) throw error;
      setRead({ wrong: error.wrong, told: "" });
    }
  };
  useEffect(() => {
    const file = brought;
    brought = null;
    if (file !== null) wait({ text: file.text, label: null, loss: null }, 0, file.encoding);
  }, []);
  /**
   * @param {Draft} next
   * @param {number} pause  in milliseconds
   * @param {Given["encoding"]} [encoding]
   */
  const wait = (next, pause, encoding) => {
    leave();
    waiting.current = () => take(next, encoding);
    timer.current = setTimeout(waiting.current, pause);
  };
  /** @param {string} text  that is being written */
  const write = (text) => {
    setDraft({ ...shown, text });
    wait({ ...shown, text }, PAUSE_MS);
  };
  /** @param {any} event */
  const onInput = ({ currentTarget, inputType }) =>
    WHOLE.has(inputType) ? take({ ...shown, text: currentTarget.value }) : write(currentTarget.value);
  /** @param {Partial<Points>} change */
  const set = (change) => edit({ points: { ...points, ...change } });
  const columns = columnsOf(shown.text);
  const losses = /** @type {const} */ (["binary_cross_entropy_with_logits", "mse_loss"]);
  return html`<div class="own-points">
    <label class="own-points-label" for="problem-points">${t("controls.points.table")}</label>
    <textarea
      id="problem-points"
      class="input code own-points-table"
      rows="6"
      spellcheck=${false}
      aria-invalid=${read.wrong.length > 0 ? "true" : undefined}
      aria-describedby="problem-points-errors"
      value=${shown.text}
      onInput=${onInput}
    />
    <div id="problem-points-errors" class="own-points-errors" role="status">
      ${read.wrong.map(
        ({ code, params }) =>
          html`<p key=${code + JSON.stringify(params)}>${t(`controls.points.wrong.${code}`, params)}</p>`,
      )}
      ${read.wrong.length > 0 && html`<p class="own-points-kept">${t("controls.points.kept")}</p>`}
    </div>
    <${ChooseFile}
      onText=${(/** @type {Given} */ { text, encoding }) => take({ text, label: null, loss: null }, encoding)}
      onWrong=${(/** @type {Wrong[]} */ wrong) => setRead({ wrong, told: "" })}
    />
    <p class="notes-aside">${t("controls.points.how")} ${read.told}</p>
    <div class="own-points-picture"><${ProblemPicture} picture=${pictureOf(points)} /></div>
    <p class="notes-aside">
      ${t(`controls.points.${points.loss === "mse_loss" ? "values" : "labels"}`, countsOf(points))}
      ${points.x[0].length < 2 && ` ${t("controls.points.notDrawn")}`}
      ${!isInLink(points) && ` ${t("controls.points.notInLink")}`}
    </p>
    <${SelectField}
      id="points-label"
      label=${t("controls.points.label")}
      value=${shown.label ?? columns.at(-1) ?? ""}
      options=${columns.map((name) => ({ value: name, label: name }))}
      onChange=${(/** @type {string} */ label) => take({ ...shown, label })}
    />
    <${SelectField}
      id="points-loss"
      label=${t("controls.points.loss")}
      value=${points.loss}
      options=${losses.map((name) => ({ value: name, label: t(`controls.points.losses.${name}`) }))}
      error=${sharedError(page, "/problem/points/loss")}
      onChange=${(/** @type {Loss} */ loss) => take({ ...shown, loss })}
    />
    <${PlainNumber}
      id="points-held-out"
      label=${t("controls.points.heldOut")}
      hint=${t("controls.points.heldOutHint")}
      value=${points.held_out}
      bounds=${{ minimum: 0, maximum: 0.9 }}
      error=${sharedError(page, "/problem/points/held_out")}
      onChange=${(/** @type {number} */ value) => set({ held_out: value })}
    />
    <${ToggleField}
      id="points-standardize"
      label=${t("controls.points.standardize")}
      hint=${t("controls.points.standardizeHint")}
      checked=${points.standardize}
      onChange=${(/** @type {boolean} */ standardize) => set({ standardize })}
    />
  </div>`;
}

/** @param {{onText: (file: Given) => void, onWrong: (wrong: Wrong[]) => void}} props */
function ChooseFile({ onText, onWrong }) {
  const { t } = usePage();
  const [isTooLarge, setTooLarge] = useState(false);
  const choose = async (/** @type {any} */ { currentTarget }) => {
    const [file] = currentTarget.files;
    currentTarget.value = "";
    if (file === undefined) return;
    setTooLarge(file.size > LARGEST_FILE);
    if (file.size > LARGEST_FILE) return;
    const content = await file.arrayBuffer();
    try {
      onText(decoded(content));
    } catch (error) {
      if (!(error instanceof PointsError)) throw error;
      onWrong(error.wrong);
    }
  };
  return html`<label class="button button-quiet own-points-file">
      <${Icon} name="upload" />${t("controls.points.file")}
      <input
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        class="visually-hidden"
        onChange=${choose}
      />
    </label>
    ${isTooLarge && html`<p class="field-error" role="alert">${t("controls.points.tooLarge")}</p>`}`;
}

/**
 * A table that the server takes.
 *
 * @param {import("../../state/points/table.js").Table} table
 * @param {Record<string, number>} limits
 */
function within(table, { max_points: points, max_features: features }) {
  const [count, columns] = [table.x.length, table.features.length];
  if (count > points) throw new PointsError([{ code: "many_points", params: { count, bound: points } }]);
  if (columns > features)
    throw new PointsError([{ code: "many_features", params: { count: columns, bound: features } }]);
  return table;
}

/** @param {Pick<import("../../state/points/table.js").Table, "label" | "classes">} table */
function classesIn({ label, classes }) {
  const [zero, one] = classes ?? ["", ""];
  return { label, zero, one };
}

/** @param {Points} points */
function countsOf({ x, y, held_out: share }) {
  const ones = y.filter((value) => value === 1).length;
  const out = Math.floor(x.length * share);
  return { points: x.length, features: x[0].length, ones, zeros: y.length - ones, out, in: x.length - out };
}
