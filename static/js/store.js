/**
 * One value that changes, and those who want to know.
 *
 * @typedef {"edit" | "page" | "undo"} Cause  of a change: a person, what the page does by itself, or a way back
 */

/**
 * @template {object} T
 * @typedef {object} Store
 * @property {() => T} get
 * @property {(change: Partial<T> | ((value: T) => Partial<T>), cause?: Cause) => void} set  merge some fields in; telling
 *   the listeners only if one of them differs
 * @property {(listener: (value: T, previous: T, cause: Cause) => void) => () => void} subscribe  returns how to stop
 */

/**
 * @template {object} T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let value = initial;
  /** @type {Set<(value: T, previous: T, cause: Cause) => void>} */
  const listeners = new Set();
  return {
    get: () => value,
    set(change, cause = "edit") {
      const patch = typeof change === "function" ? change(value) : change;
      const keys = /** @type {(keyof T)[]} */ (Object.keys(patch));
      if (keys.every((key) => Object.is(patch[key], value[key]))) return;
      const previous = value;
      value = { ...value, ...patch };
      for (const listener of [...listeners]) listener(value, previous, cause);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
