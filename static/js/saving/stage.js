/** Views once more, out of sight and at a size of their own, to be filmed step by step while the page goes on. */

import { create } from "../views/drawing/dom.js";
import { VIEWS } from "../views/registry.js";

/**
 * @typedef {import("../views/types.js").Context} Context
 * @typedef {import("../views/types.js").Data} Data
 * @typedef {import("../views/types.js").View} View
 *
 * @typedef {object} Stage
 * @property {HTMLElement} element
 * @property {(step: number) => void} show
 * @property {() => void} close
 */

/** What a film may be of, and the views that it needs. */
export const SCENES = {
  surface: ["surface"],
  both: ["surface", "training"],
  training: ["training"],
  network: ["network"],
  state: ["state"],
};

/** @typedef {keyof typeof SCENES} Scene */

/** A film cannot be made, for a reason that the page has words for. */
export class FilmError extends Error {
  /** @param {"noCodec" | "dropped" | "noViews"} key */
  constructor(key) {
    super(key);
    this.key = key;
  }
}

const WAITING = ".surface-waiting:not([hidden]), .view-loading, [aria-busy=true]";
const LONGEST_WAIT_MS = 30_000;
/** Frames in which views settle once all of them are there. */
const SETTLING = 3;

/**
 * @param {Scene} scene
 * @param {{width: number, height: number}} size  in pixels of the page
 * @param {{context: Context, data: Data}} page
 * @param {AbortSignal} signal
 * @returns {Promise<Stage>}
 */
export async function openStage(scene, { width, height }, { context, data }, signal) {
  const element = create("div", {
    class: "film-stage",
    "data-scene": scene,
    "aria-hidden": "true",
    inert: true,
  });
  Object.assign(element.style, { width: `${width}px`, height: `${height}px` });
  document.body.append(element);
  /** @type {View[]} */
  const views = [];
  const close = () => {
    views.forEach((view) => view.destroy());
    element.remove();
  };
  try {
    for (const id of SCENES[scene]) {
      const part = create("div", { class: "film-part", "data-part": id });
      element.append(part);
      const entry = VIEWS.find((one) => one.id === id);
      const { mount } = await /** @type {import("../views/types.js").Entry} */ (entry).load();
      views.push(mount(part, filmed(context)));
    }
    for (const view of views) view.update(data);
    await settle(element, signal);
  } catch (error) {
    close();
    throw error;
  }
  return { element, show: (step) => views.forEach((view) => view.setStep(step)), close };
}

/**
 * What views are given where nobody touches them.
 *
 * @param {Context} context
 * @returns {Context}
 */
function filmed(context) {
  const nothing = () => {};
  const deaf = Object.fromEntries(
    Object.entries(context).flatMap(([name, value]) =>
      name.startsWith("on") && typeof value === "function" ? [[name, nothing]] : [],
    ),
  );
  return { ...context, ...deaf, reducedMotion: true, isFilmed: true };
}

/**
 * @param {HTMLElement} element
 * @param {AbortSignal} signal
 */
async function settle(element, signal) {
  const until = performance.now() + LONGEST_WAIT_MS;
  const isReady = () => {
    const surface = element.querySelector("[data-part=surface]");
    const isDrawn = surface === null || surface.querySelector(".main-svg, .data-view canvas") !== null;
    return isDrawn && element.querySelector(WAITING) === null;
  };
  for (let rest = SETTLING; rest > 0; rest -= Number(isReady())) {
    signal.throwIfAborted();
    if (performance.now() > until) throw new FilmError("noViews");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
