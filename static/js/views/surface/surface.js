/**
 * The loss surface with the paths of the runs over it.
 *
 * Plotly draws the surface once; what moves is a canvas over its axes (in two dimensions) or traces of its own a few
 * times a second (in three).
 */

import { DataView } from "./data/data-view.js";
import { create, setText } from "../drawing/dom.js";
import { SurfacePlane } from "./surface-plane.js";
import { SurfaceLandscape } from "./surface-landscape.js";
import { pathsOf } from "./paths.js";
import { lossRange } from "./projection.js";
import { gridOf } from "./surface-grid.js";
import { describeNotices, describeProjection } from "./surface-words.js";
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

/** @type {Record<Mode, new (element: HTMLElement, ctx: Context) => SurfaceDrawing>} */
const DRAWINGS = { contour: SurfacePlane, "3d": SurfaceLandscape };

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  const stage = create("div", { class: "surface-stage" });
  const note = create("div", { class: "surface-note", role: "status" });
  const reading = create("p", { class: "surface-reading" });
  const waiting = create("p", { class: "surface-waiting" });
  element.classList.add("surface");
  element.append(stage, note, waiting, reading);

  /** @type {{mode: Mode, drawing: SurfaceDrawing} | null} */
  let current = null;
  /** @type {DataView | null} */
  let overData = null;
  /** @type {Data | null} */
  let data = null;
  let step = ctx.player.step;
  /** of the losses of all paths */
  let range = 0;

  /** @param {Mode} mode */
  const drawingFor = (mode) => {
    if (current?.mode === mode) return current.drawing;
    current?.drawing.destroy();
    current = { mode, drawing: new DRAWINGS[mode](stage, ctx) };
    return current.drawing;
  };

  const read = () => {
    const text = data?.surface == null ? "" : readingOf(data, data.surface, { step, range }, ctx);
    setText(reading, text);
  };

  /** There is no surface: the one of before says nothing of what is shown now. */
  const leave = () => {
    current?.drawing.destroy();
    current = null;
    element.classList.remove("is-stale");
    note.replaceChildren();
    setText(reading, "");
  };

  const redrawData = (/** @type {Data} */ shown) => {
    leave();
    waiting.hidden = true;
    overData ??= new DataView(stage, ctx);
    overData.update(shown);
    overData.setStep(step);
  };

  const redraw = () => {
    if (data === null || stage.clientWidth === 0 || stage.clientHeight === 0) return;
    if (data.mode === "data") return redrawData(data);
    overData?.destroy();
    overData = null;
    const { surface } = data;
    element.classList.toggle("is-stale", surface?.stale ?? false);
    waiting.hidden = surface !== null;
    setText(waiting, surface === null ? ctx.t(`views.surface.${data.nothing ?? "waiting"}`) : "");
    if (surface === null) return leave();
    const grid = gridOf(surface.response);
    const notices = describeNotices(grid, surface.response.notices, labelsOf(data), ctx);
    note.replaceChildren(...notices.map((notice) => create("p", {}, notice)));
    range = lossRange(pathsOf(data));
    read();
    const drawing = drawingFor(data.mode);
    drawing.update(data, grid, readTheme(element));
    drawing.setStep(step);
  };

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
