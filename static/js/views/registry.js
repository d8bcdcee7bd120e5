/**
 * The views of the page. Tabs, what the address may say of them, and what is mounted where follow from this list.
 */

/** @typedef {import("./types.js").Entry} Entry */

const LOG = ["log", "linear"];
const LINEAR = ["linear", "log"];
const AXIS = ["steps", "samples", "epochs"];
const OFF = ["off", "on"];
const COLORS = ["log", "equalised", "linear"];

/** @type {readonly Entry[]} */
export const VIEWS = Object.freeze(
  /** @type {Entry[]} */ ([
    { id: "legend", place: "compare", slot: "legend", load: () => import("./legend/legend.js") },
    { id: "story", place: "compare", slot: "story", mayWait: true, load: () => import("./story/story.js") },
    {
      id: "network",
      place: "compare",
      slot: "network",
      mayWait: true,
      load: () => import("./network/network.js"),
    },
    {
      id: "surface",
      place: "compare",
      slot: "surface",
      scales: { surface: COLORS },
      followsDrag: true,
      load: () => import("./surface/surface.js"),
    },
    {
      id: "training",
      place: "compare",
      slot: "plots",
      scales: { loss: LOG, lr: LINEAR, grad_norm: LOG, axis: AXIS, held_out: OFF },
      load: () => import("./training/training.js"),
    },
    { id: "step", place: "compare", slot: "plots", load: () => import("./step/step.js") },
    { id: "state", place: "compare", slot: "plots", load: () => import("./state/state.js") },
    {
      id: "curvature",
      place: "compare",
      slot: "plots",
      scales: { sharpness: LOG, central_flow: OFF },
      load: () => import("./curvature/curvature.js"),
    },
    { id: "noise", place: "compare", slot: "plots", load: () => import("./noise/noise.js") },
    { id: "timeline", place: "compare", slot: "timeline", load: () => import("./timeline/timeline.js") },
  ]),
);

/**
 * What one comes to a place to see.
 *
 * @param {Entry["place"]} place
 */
export function viewsOf(place) {
  return VIEWS.filter((entry) => entry.place === place);
}

/** The views that are tabs, from left to right; the first is open until another is chosen. */
export const TABS = viewsOf("compare").filter(({ slot }) => slot === "plots");

/**
 * The tab that is open.
 *
 * @param {{panel: string | null}} state
 */
export function openTab({ panel }) {
  return TABS.find(({ id }) => id === panel) ?? TABS[0];
}

/** @type {Record<string, readonly string[]>} the choices of every scale, its default first */
export const SCALES = Object.assign({}, ...VIEWS.map(({ scales }) => scales));

/** What an address may say of the views. */
export const VIEW_KEYS = { tabs: TABS.map(({ id }) => id), scales: SCALES };

/**
 * The scales that are shown.
 *
 * @param {{scales: Record<string, string>}} state
 * @returns {Record<string, string>}
 */
export function scalesOf({ scales }) {
  const defaults = Object.entries(SCALES).map(([key, [first]]) => [key, first]);
  return { ...Object.fromEntries(defaults), ...scales };
}
