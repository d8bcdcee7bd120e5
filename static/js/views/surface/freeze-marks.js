/**
 * What freezing does, on the paths: a mark where a layer freezes, moves all the same or thaws, and a ring around the head
 * of a run of which something is frozen, drifts or has just thawed.
 */

import { svg } from "../drawing/dom.js";
import { TURN_MARKS, turnsOf } from "../drawing/freeze-turns.js";
import { layerKind } from "../drawing/frozen.js";

/**
 * @typedef {import("./paths.js").PixelPath} PixelPath
 * @typedef {import("../drawing/frozen.js").Kind} Kind
 */

/** From the foot of a mark to its middle, in pixels. */
const RISE = 4;

export class FreezeMarks {
  element = svg("g");
  /** @type {{step: number, mark: SVGGElement}[]} */
  #marks = [];

  /** @param {PixelPath[]} paths */
  setPaths(paths) {
    this.#marks = paths.flatMap(marksOf);
    this.element.replaceChildren(...this.#marks.map(({ mark }) => mark));
  }

  /** @param {number} step */
  setStep(step) {
    for (const { step: from, mark } of this.#marks)
      mark.style.visibility = from <= step ? "visible" : "hidden";
  }
}

/**
 * The turns of a run after its start, each kind once a step; a mark lies where the step begins.
 *
 * @param {PixelPath} path
 */
function marksOf({ pixels, path: { run, first, length, other, stale } }) {
  const { history } = run;
  if (history === null || other !== undefined || !mayFreeze(run.history)) return [];
  const seen = new Set();
  return turnsOf(history).flatMap(({ kind, step }) => {
    const record = step - 1 - first;
    const [x, y] = [pixels[2 * record], pixels[2 * record + 1]];
    const key = `${kind} ${step}`;
    if (record < 1 || record >= length || !Number.isFinite(x + y) || seen.has(key)) return [];
    seen.add(key);
    const mark = svg(
      "g",
      { class: "paths-turn", "data-kind": kind, transform: `translate(${x} ${y + RISE})` },
      svg("path", { class: "paths-turn-halo", d: TURN_MARKS[kind] }),
      svg("path", { d: TURN_MARKS[kind], ...(kind === "drift" ? { stroke: run.color, fill: "none" } : { fill: run.color }) }), // prettier-ignore
    );
    if (stale) mark.style.opacity = "0.35";
    return [{ step: step - 1, mark }];
  });
}

/** @param {import("../../history.js").History | null} history */
function mayFreeze(history) {
  return (history?.config.freeze ?? []).length > 0;
}

/**
 * What the head of a path says: that something moves though it is frozen, before that something has thawed or is frozen.
 *
 * @param {PixelPath} path
 * @param {number} step
 * @returns {Kind}
 */
export function headKind({ path: { run, other } }, step) {
  const { history } = run;
  if (history === null || history.isEmpty || other !== undefined || !mayFreeze(history)) return "trains";
  const record = history.clamp(step);
  const kinds = history.layers.map((layer) => layerKind(history, layer, record));
  return (
    /** @type {const} */ (["drifts", "thaws", "frozen"]).find((kind) => kinds.includes(kind)) ?? "trains"
  );
}
