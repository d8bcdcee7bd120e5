/**
 * Every key that the page knows, by where it is pressed. Whoever listens asks this table, and the list of keys that a
 * person can open is made of it.
 */

/**
 * @typedef {object} Binding
 * @property {string} act  what it does
 * @property {readonly string[]} keys  any of them, as `KeyboardEvent.key` calls them
 * @property {"command" | "control"} [held]  command: Ctrl, or ⌘ of a Mac
 * @property {boolean} [shift]  unless given, either way
 *
 * @typedef {Pick<KeyboardEvent, "key"> & Partial<Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey" | "shiftKey">>} Press
 */

const ALONG = /** @type {const} */ ([
  { act: "back", keys: ["ArrowLeft", "ArrowDown"] },
  { act: "forward", keys: ["ArrowRight", "ArrowUp"] },
  { act: "first", keys: ["Home"] },
  { act: "last", keys: ["End"] },
]);

/** @satisfies {Record<string, readonly Binding[]>} */
export const KEYS = {
  clock: [
    { act: "play", keys: [" "] },
    { act: "back", keys: ["ArrowLeft"], shift: false },
    { act: "forward", keys: ["ArrowRight"], shift: false },
    { act: "farBack", keys: ["ArrowLeft"], shift: true },
    { act: "farForward", keys: ["ArrowRight"], shift: true },
    { act: "first", keys: ["Home"] },
    { act: "last", keys: ["End"] },
  ],
  page: [
    { act: "keys", keys: ["?"] },
    { act: "projector", keys: ["p"], shift: false },
    { act: "save", keys: ["s"], shift: false },
    { act: "leave", keys: ["Escape"] },
  ],
  edits: [
    { act: "undo", keys: ["z"], held: "command", shift: false },
    { act: "redo", keys: ["z"], held: "command", shift: true },
    { act: "redo", keys: ["y"], held: "control" },
  ],
  button: [{ act: "press", keys: ["Enter", " "] }],
  field: [
    { act: "take", keys: ["Enter"] },
    { act: "more", keys: ["ArrowUp"] },
    { act: "less", keys: ["ArrowDown"] },
  ],
  choice: [{ act: "open", keys: ["ArrowDown", "ArrowUp"] }],
  list: [
    { act: "take", keys: ["Enter"] },
    { act: "next", keys: ["ArrowDown"] },
    { act: "previous", keys: ["ArrowUp"] },
    { act: "pageNext", keys: ["PageDown"] },
    { act: "pagePrevious", keys: ["PageUp"] },
    { act: "first", keys: ["Home"], held: "command" },
    { act: "last", keys: ["End"], held: "command" },
  ],
  tiles: [
    { act: "take", keys: ["Enter", " "] },
    { act: "left", keys: ["ArrowLeft"] },
    { act: "right", keys: ["ArrowRight"] },
    { act: "up", keys: ["ArrowUp"] },
    { act: "down", keys: ["ArrowDown"] },
    { act: "first", keys: ["Home"] },
    { act: "last", keys: ["End"] },
  ],
  hint: [{ act: "hide", keys: ["Escape"] }],
  tabs: [
    { act: "previous", keys: ["ArrowLeft"] },
    { act: "next", keys: ["ArrowRight"] },
  ],
  lines: [
    { act: "previous", keys: ["ArrowUp"] },
    { act: "next", keys: ["ArrowDown"] },
  ],
  start: [
    { act: "left", keys: ["ArrowLeft"] },
    { act: "right", keys: ["ArrowRight"] },
    { act: "up", keys: ["ArrowUp"] },
    { act: "down", keys: ["ArrowDown"] },
  ],
  map: [
    { act: "left", keys: ["ArrowLeft"], shift: false },
    { act: "right", keys: ["ArrowRight"], shift: false },
    { act: "up", keys: ["ArrowUp"], shift: false },
    { act: "down", keys: ["ArrowDown"], shift: false },
    { act: "brushLeft", keys: ["ArrowLeft"], shift: true },
    { act: "brushRight", keys: ["ArrowRight"], shift: true },
    { act: "brushUp", keys: ["ArrowUp"], shift: true },
    { act: "brushDown", keys: ["ArrowDown"], shift: true },
    { act: "first", keys: ["Home"] },
    { act: "last", keys: ["End"] },
    { act: "best", keys: ["b"] },
    { act: "border", keys: ["n"] },
    { act: "zoomIn", keys: ["+", "="] },
    { act: "zoomOut", keys: ["-", "_"] },
    { act: "whole", keys: ["0"] },
    { act: "open", keys: ["Enter", " "] },
    { act: "drop", keys: ["Escape"] },
  ],
  curve: [
    { act: "back", keys: ["ArrowLeft"] },
    { act: "forward", keys: ["ArrowRight"] },
    { act: "first", keys: ["Home"] },
    { act: "last", keys: ["End"] },
    { act: "mark", keys: ["Enter", " "] },
    { act: "drop", keys: ["Escape"] },
  ],
  layers: [
    { act: "back", keys: ["ArrowLeft"] },
    { act: "forward", keys: ["ArrowRight"] },
    { act: "up", keys: ["ArrowUp"] },
    { act: "down", keys: ["ArrowDown"] },
    { act: "first", keys: ["Home"] },
    { act: "last", keys: ["End"] },
    { act: "farUp", keys: ["PageUp"] },
    { act: "farDown", keys: ["PageDown"] },
    { act: "mark", keys: ["Enter", " "] },
    { act: "drop", keys: ["Escape"] },
  ],
  bars: [
    ...ALONG,
    { act: "farBack", keys: ["PageDown"] },
    { act: "farForward", keys: ["PageUp"] },
    { act: "remove", keys: ["Delete", "Backspace"] },
    { act: "drop", keys: ["Escape"] },
  ],
  borders: ALONG,
  plots: [
    { act: "back", keys: ["ArrowLeft"] },
    { act: "forward", keys: ["ArrowRight"] },
    { act: "first", keys: ["Home"] },
    { act: "last", keys: ["End"] },
  ],
};

/** Where shift takes ten times as far. */
export const FAR_WITH_SHIFT = /** @type {const} */ (["start", "bars", "borders", "plots", "curve", "layers"]);
export const FAR = 10;

/**
 * How far a key takes what is moved there.
 *
 * @param {Pick<KeyboardEvent, "shiftKey">} press
 */
export function reachOf({ shiftKey }) {
  return shiftKey ? FAR : 1;
}

/**
 * What a key does where it is pressed.
 *
 * @param {keyof typeof KEYS} scope
 * @param {Press} press
 * @returns {string | null}
 */
export function actOf(scope, press) {
  /** @type {readonly Binding[]} */
  const bindings = KEYS[scope];
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return bindings.find((binding) => binding.keys.includes(key) && isHeld(binding, press))?.act ?? null;
}

/**
 * @param {Binding} binding
 * @param {Press} press
 */
function isHeld({ held, shift }, { ctrlKey = false, metaKey = false, altKey = false, shiftKey = false }) {
  if (altKey || (shift !== undefined && shift !== shiftKey)) return false;
  if (held === "control") return ctrlKey && !metaKey;
  return held === "command" ? ctrlKey !== metaKey : !ctrlKey && !metaKey;
}
