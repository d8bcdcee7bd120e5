/**
 * The loss surface with the paths of the runs over it.
 *
 * Plotly draws the surface once; what moves is a canvas over its axes (in two dimensions) or traces of its own a few
 * times a second (in three).
 */

import { html, setText } from "./dom.js";
import { SurfacePlane } from "./surface-plane.js";
import { SurfaceLandscape } from "./surface-landscape.js";
import { gridOf } from "./surface-figure.js";
import { readTheme } from "./theme.js";

/**
 * @typedef {import("./surface-figure.js").Grid} Grid
 * @typedef {import("./types.js").Context} Context
 * @typedef {import("./types.js").Data} Data
 * @typedef {import("./types.js").View} View
 *
 * @typedef {object} SurfaceDrawing  one of the two ways of drawing it
 * @property {(data: Data, grid: Grid, theme: import("./theme.js").Theme, revision: string) => void} update
 * @property {(step: number) => void} setStep
 * @property {() => void} destroy
 */

/** @type {Record<Data["mode"], new (element: HTMLElement, ctx: Context) => SurfaceDrawing>} */
const DRAWINGS = { contour: SurfacePlane, "3d": SurfaceLandscape };

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mountSurface(element, ctx) {
  const stage = html("div", { class: "surface-stage" });
  const note = html("p", { class: "surface-note", role: "status" });
  const waiting = html("p", { class: "surface-waiting" });
  element.classList.add("surface");
  element.append(stage, note, waiting);

  /** @type {{mode: Data["mode"], drawing: SurfaceDrawing} | null} */
  let current = null;
  /** @type {Data | null} */
  let data = null;
  let step = ctx.player.step;

  /** @param {Data["mode"]} mode */
  const drawingFor = (mode) => {
    if (current?.mode === mode) return current.drawing;
    current?.drawing.destroy();
    current = { mode, drawing: new DRAWINGS[mode](stage, ctx) };
    return current.drawing;
  };

  const redraw = () => {
    if (data === null || stage.clientWidth === 0 || stage.clientHeight === 0) return;
    const { surface } = data;
    element.classList.toggle("is-stale", surface?.stale ?? false);
    waiting.hidden = surface !== null;
    setText(waiting, surface === null ? ctx.t("views.surface.waiting") : "");
    if (surface === null) return;
    const grid = gridOf(surface.response);
    setText(note, describeMasked(grid, ctx));
    const drawing = drawingFor(data.mode);
    drawing.update(data, grid, readTheme(element), revisionOf(data));
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
      current?.drawing.setStep(next);
    },
    resize: redraw,
    destroy() {
      observer.disconnect();
      current?.drawing.destroy();
      element.replaceChildren();
    },
  };
}

/**
 * @param {Grid} grid
 * @param {Context} ctx
 * @returns {string} empty where every cell has a colour
 */
function describeMasked({ masked, z }, { t }) {
  return masked === 0 ? "" : t("views.surface.masked", { count: masked, total: z.length });
}

/** @type {WeakMap<object, number>} */
const numbers = new WeakMap();
let counted = 0;

/**
 * Zoom is kept while the plane is the same one: that of a test function for ever, any other until it is computed anew.
 *
 * @param {Data} data
 */
function revisionOf({ problem, surface }) {
  if (problem?.kind === "function") return `function ${problem.name}`;
  if (surface === null) return "none";
  let number = numbers.get(surface.response);
  if (number === undefined) numbers.set(surface.response, (number = ++counted));
  return `plane ${number}`;
}
