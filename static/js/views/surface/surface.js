/**
 * The loss surface with the paths of the runs over it.
 *
 * Plotly draws the surface once; what moves is a canvas over its axes (in two dimensions) or traces of its own a few
 * times a second (in three).
 */

import { decodeArray } from "../../jsonl.js";
import { isOpen, leaveOpen } from "../../state/folds.js";
import { NO_CONFIG } from "../../state/watched.js";
import { create, setText } from "../drawing/dom.js";
import { SurfacePlane } from "./surface-plane.js";
import { laidOf, leavingOf } from "./laid-runs.js";
import { pathsOf } from "./paths.js";
import { lossRange } from "./projection.js";
import { gridOf } from "./surface-grid.js";
import { describeNotices, describePlainly, describeProjection } from "./surface-words.js";
import { readTheme } from "../drawing/theme.js";

/**
 * @typedef {import("./surface-grid.js").Grid} Grid
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").View} View
 *
 * @typedef {"contour" | "3d"} Mode
 *
 * @typedef {object} SurfaceDrawing  one of the two ways of drawing it
 * @property {(data: Data, grid: Grid, theme: import("../drawing/theme.js").Theme) => void} update
 * @property {(step: number) => void} setStep
 * @property {() => void} destroy
 */

/**
 * What draws in each mode. The paths over the contours move first; the others are loaded when somebody wants them.
 *
 * @typedef {new (element: HTMLElement, ctx: Context) => SurfaceDrawing} Drawing
 * @typedef {typeof import("./data/data-view.js").DataView} OverData
 * @typedef {{contour: Drawing, "3d"?: Drawing, data?: OverData}} Drawings
 */

/** @type {Record<"3d" | "data", () => Promise<Partial<Drawings>>>} */
const LATER = {
  "3d": async () => ({ "3d": (await import("./surface-landscape.js")).SurfaceLandscape }),
  data: async () => ({ data: (await import("./data/data-view.js")).DataView }),
};

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  const stage = create("div", { class: "surface-stage" });
  const note = create("div", { class: "surface-note", role: "status" });
  const reading = create("p", { class: "surface-reading" });
  const why = create("button", { class: "surface-why", type: "button" });
  const foot = create("div", { class: "surface-foot", hidden: true }, reading, why);
  const waiting = create("p", { class: "surface-waiting" });
  element.classList.add("surface");
  element.append(stage, note, waiting, foot);

  /** @type {{mode: Mode, drawing: SurfaceDrawing} | null} */
  let current = null;
  /** @type {import("./data/data-view.js").DataView | null} */
  let overData = null;
  /** @type {Drawings} */
  const drawings = { contour: SurfacePlane };
  /** @type {Data | null} */
  let data = null;
  let step = ctx.player.step;
  /** of the losses of all paths */
  let range = 0;
  /** @type {string | null} what the surface is, whatever the step; null where it is told how true it is */
  let plainly = null;

  /** @param {"3d" | "data"} mode */
  const load = async (mode) => {
    try {
      Object.assign(drawings, await LATER[mode]());
      redraw();
    } catch {
      waiting.hidden = false;
      setText(waiting, ctx.t("shell.notice.noView"));
    }
  };

  /**
   * @param {Mode} mode
   * @param {Drawing} Kind
   */
  const drawingFor = (mode, Kind) => {
    if (current?.mode === mode) return current.drawing;
    current?.drawing.destroy();
    current = { mode, drawing: new Kind(stage, ctx) };
    return current.drawing;
  };

  const read = () => {
    const text =
      data?.surface == null ? "" : (plainly ?? readingOf(data, data.surface, { step, range }, ctx));
    setText(reading, text);
    foot.hidden = text === "";
  };

  /** There is no surface: the one of before says nothing of what is shown now. */
  const leave = () => {
    current?.drawing.destroy();
    current = null;
    element.classList.remove("is-stale");
    note.replaceChildren();
    foot.hidden = true;
  };

  /**
   * @param {Data} shown
   * @param {OverData} Kind
   */
  const redrawData = (shown, Kind) => {
    leave();
    waiting.hidden = true;
    overData ??= new Kind(stage, ctx);
    overData.update({ ...shown, runs: shown.runs.filter(({ watched }) => !watched) });
    overData.setStep(step);
  };

  const redraw = () => {
    if (data === null || stage.clientWidth === 0 || stage.clientHeight === 0) return;
    const { mode } = data;
    if (mode === "data" && data.nothing !== "watched")
      return drawings.data ? redrawData(data, drawings.data) : void load(mode);
    const Kind = drawings[mode === "data" ? "contour" : mode];
    if (Kind === undefined) return void load("3d");
    overData?.destroy();
    overData = null;
    const { surface } = data;
    element.classList.toggle("is-stale", surface?.stale ?? false);
    waiting.hidden = surface !== null;
    setText(waiting, surface === null ? whyNone(data, ctx) : "");
    if (surface === null) return leave();
    const grid = gridOf(surface.response);
    const notices = describeNotices(grid, surface.response.notices, labelsOf(data), ctx);
    const laid = laidOf(data);
    const leaving = leavingOf(laid, surface.response, grid);
    const labels = (/** @type {import("../types.js").Run[]} */ runs) => runs.map(({ label }) => label);
    if (laid.length > 0)
      notices.push(ctx.t("views.surface.laid", { runs: labels(laid), problem: data.problem.title }));
    if (leaving.length > 0)
      notices.push(ctx.t("views.surface.laidLeaves", { count: leaving.length, runs: labels(leaving) }));
    note.replaceChildren(...notices.map((notice) => create("p", {}, notice)));
    range = lossRange(pathsOf(data));
    const isTold = isOpen("why");
    plainly = isTold ? null : describePlainly(grid, decodeArray(surface.response.origin).data.length, ctx.t);
    setText(why, ctx.t(`views.surface.${isTold ? "less" : "why"}`));
    why.setAttribute("aria-expanded", String(isTold));
    read();
    const drawing = drawingFor(mode === "3d" ? mode : "contour", Kind);
    drawing.update(data, grid, readTheme(element));
    drawing.setStep(step);
  };

  why.addEventListener("click", () => {
    leaveOpen("why", !isOpen("why"));
    redraw();
  });

  const observer = new ResizeObserver(redraw);
  observer.observe(stage);

  return {
    update(next) {
      data = next;
      redraw();
    },
    setStep(next) {
      step = next;
      if (overData !== null) return overData.setStep(next);
      read();
      current?.drawing.setStep(next);
    },
    resize: redraw,
    destroy() {
      observer.disconnect();
      overData?.destroy();
      current?.drawing.destroy();
      element.replaceChildren();
    },
  };
}

/**
 * @param {Data} data  without a surface
 * @param {Context} ctx
 */
function whyNone({ nothing }, { t, say }) {
  return t(`views.surface.${nothing ?? "waiting"}`, { why: say(NO_CONFIG), code: NO_CONFIG.code });
}

/**
 * @param {Data} data
 * @returns {string[]}  of the runs, as the server counts them
 */
function labelsOf({ runs, surface }) {
  return (surface?.runs ?? []).map((id) => runs.find((run) => run.id === id)?.label ?? "");
}

/**
 * @param {Data} data
 * @param {import("../types.js").Surface} surface
 * @param {{step: number, range: number}} now  range: of the losses of all paths
 * @param {Context} ctx
 */
function readingOf(data, surface, { step, range }, { t }) {
  const grid = gridOf(surface.response);
  const path = pathsOf(data).find(({ run }) => run.id === data.selected);
  const through = grid.plane.at?.run ?? grid.plane.run ?? -1;
  return describeProjection(grid, { path, range }, step, labelsOf(data)[through], t);
}
