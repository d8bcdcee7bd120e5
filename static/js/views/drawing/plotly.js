/**
 * The only module that touches `window.Plotly`: what of it the page uses, always with the same configuration, which
 * keeps every number on this machine.
 */

import { runScript } from "../../outside.js";

/**
 * @typedef {HTMLElement & {_fullLayout?: any, on?: Function, removeAllListeners?: Function}} PlotElement
 * @typedef {{data: any[], layout: any}} Figure
 *
 * @typedef {object} Axes  where Plotly draws, so that others can draw over it
 * @property {number} left  of the drawing area in the element, in pixels
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {[number, number]} x  the values at the left and the right
 * @property {[number, number]} y  the values at the bottom and the top
 */

const CONFIG = Object.freeze({
  displayModeBar: false,
  displaylogo: false,
  modeBarButtonsToRemove: ["sendChartToCloud", "sendDataToCloud"],
  plotlyServerURL: "",
  showTips: false,
  doubleClick: false,
});

/** @type {Map<string, Promise<void>>} */
const loaded = new Map();

/**
 * Load what draws in two dimensions: the third of plotly.js that the page has been fetching since it began.
 *
 * @returns {Promise<void>}
 */
export function loadFlat() {
  return load(script().href);
}

/**
 * Load what draws in three dimensions: all of plotly.js, in the place of that third.
 *
 * @returns {Promise<void>}
 */
export function loadWhole() {
  return load(script().dataset.whole ?? "");
}

/** The link of the page to the script. */
function script() {
  return /** @type {HTMLLinkElement} */ (document.getElementById("plotly"));
}

/**
 * Run a script, once.
 *
 * @param {string} address
 * @returns {Promise<void>}
 */
function load(address) {
  const loading = loaded.get(address) ?? runScript(address);
  loaded.set(address, loading);
  loading.catch(() => loaded.delete(address)); // to be tried again
  return loading;
}

/** @returns {any} */
function library() {
  const { Plotly } = /** @type {any} */ (window);
  if (Plotly === undefined) throw new Error("plotly.js has not been loaded");
  return Plotly;
}

/**
 * Draw a figure, or bring what is drawn up to date with it.
 *
 * @param {PlotElement} element
 * @param {Figure} figure
 * @param {Record<string, unknown>} [config]
 */
export function draw(element, { data, layout }, config = {}) {
  return library().react(element, data, layout, { ...CONFIG, ...config });
}

/**
 * @param {PlotElement} element
 * @param {Record<string, unknown>} update
 * @param {number[]} traces
 */
export function restyle(element, update, traces) {
  return library().restyle(element, update, traces);
}

/**
 * @param {PlotElement} element
 * @param {Record<string, unknown>} update
 */
export function relayout(element, update) {
  return library().relayout(element, update);
}

/**
 * Draw what is in three dimensions at once, so that its pixels can be read before the browser takes them away.
 *
 * @param {PlotElement} element
 */
export function redrawLandscape(element) {
  element._fullLayout?.scene?._scene?.glplot?.redraw();
}

/** @param {PlotElement} element */
export function purge(element) {
  library().purge(element);
}

/**
 * @param {PlotElement} element
 * @param {string} event
 * @param {(event: any) => void} listener
 */
export function listen(element, event, listener) {
  element.on?.(event, listener);
}

/**
 * @param {PlotElement} element
 * @returns {Axes | null} null while there is no drawing
 */
export function axes(element) {
  const { xaxis, yaxis } = element._fullLayout ?? {};
  if (!xaxis?.range || !yaxis?.range || !(xaxis._length > 0)) return null;
  return {
    left: xaxis._offset,
    top: yaxis._offset,
    width: xaxis._length,
    height: yaxis._length,
    x: [Number(xaxis.range[0]), Number(xaxis.range[1])],
    y: [Number(yaxis.range[0]), Number(yaxis.range[1])],
  };
}

/**
 * Where Plotly will draw a figure whose margins and ranges are given, before it has.
 *
 * @param {Figure} figure
 * @returns {Axes}
 */
export function axesOf({ layout: { width, height, margin, xaxis, yaxis } }) {
  return {
    left: margin.l,
    top: margin.t,
    width: width - margin.l - margin.r,
    height: height - margin.t - margin.b,
    x: xaxis.range,
    y: yaxis.range,
  };
}

/**
 * Lay an element exactly over the drawing area, or beneath it.
 *
 * @param {HTMLElement} element  in the one that holds the drawing
 * @param {Axes} axes
 */
export function coverAxes({ style }, { left, top, width, height }) {
  Object.assign(style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
