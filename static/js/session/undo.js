/**
 * Undo and redo of what a person edits: a list of states, since a state is one value that nothing changes.
 *
 * What is edited is what is compared and the plane that it is drawn on. How the page is looked at, where the clock stands
 * and what the page changes by itself are no edits; but the map that is asked for, and the step, go back with what was
 * changed in one with them, as by a preset or another problem.
 */

/**
 * @typedef {import("../state/types.js").State} State
 * @typedef {keyof State} Field
 */

/** @type {ReadonlySet<Field>} how the page is looked at */
const LOOK = new Set(
  /** @type {Field[]} */ ([
    ..."selected window scales mode arrows network panel parameter element quantity step speed language theme projector place lesson page tune edge loops".split(
      " ",
    ),
  ]),
);

/** How runs are looked at, where some edits of them set it, too. */
const SET_WITH = /** @type {const} */ (["tune", "step"]);

/** @typedef {{state: State, looks: readonly Field[]}} Entry  looks: those that the edit set, too */

/** How many edits can be undone. */
export const MOST_ENTRIES = 100;

/** Edits of the same thing by the keyboard that follow each other as fast as this are one. */
const ONE_EDIT_MS = 1000;

export class Undo {
  #store;
  #now;
  /** @type {Entry[]} */
  #before = [];
  /** @type {Entry[]} */
  #after = [];
  /** What the last entry edits, and when it was edited last; null: the next edit begins another entry. */
  #open = /** @type {{places: string, at: number} | null} */ (null);
  #isHeld = false;
  /** How often an edit was undone or redone. */
  turns = 0;

  /**
   * @param {import("../store.js").Store<State>} store
   * @param {() => number} [now]  milliseconds
   */
  constructor(store, now = () => performance.now()) {
    this.#store = store;
    this.#now = now;
    store.subscribe((state, previous, cause) => {
      if (cause === "edit") this.#learn(state, previous);
    });
  }

  get canUndo() {
    return this.#before.length > 0;
  }

  get canRedo() {
    return this.#after.length > 0;
  }

  /** What is edited from now on is another entry. */
  part() {
    this.#open = null;
  }

  /** @param {boolean} isHeld  whether a pointer is down or a text is being typed: all that it edits is one entry */
  hold(isHeld) {
    this.#isHeld = isHeld;
  }

  undo() {
    this.#go(this.#before, this.#after);
  }

  redo() {
    this.#go(this.#after, this.#before);
  }

  /**
   * @param {State} state
   * @param {State} previous
   */
  #learn(state, previous) {
    const places = editedPlaces(previous, state).join(" ");
    if (places === "") return;
    const at = this.#now();
    const goesOn =
      this.#open !== null &&
      (this.#isHeld || (this.#open.places === places && at - this.#open.at < ONE_EDIT_MS));
    const last = goesOn ? this.#before.pop() : undefined;
    const looks = SET_WITH.filter((field) => state[field] !== previous[field] || last?.looks.includes(field));
    this.#before = [...this.#before, { state: last?.state ?? previous, looks }].slice(-MOST_ENTRIES);
    this.#after = [];
    this.#open = { places, at };
  }

  /**
   * @param {Entry[]} from
   * @param {Entry[]} to
   */
  #go(from, to) {
    const entry = from.pop();
    if (entry === undefined) return;
    this.#open = null;
    this.turns += 1;
    const now = this.#store.get();
    to.push({ ...entry, state: now });
    this.#store.set(editsOf(entry, now), "undo");
  }
}

/**
 * What an edit has changed, as places in the state: "runs.0.optimizer.hyperparameters.lr".
 *
 * @param {State} before
 * @param {State} after
 * @returns {string[]}
 */
export function editedPlaces(before, after) {
  const fields = /** @type {Field[]} */ (Object.keys(after)).filter((field) => !LOOK.has(field));
  return fields.flatMap((field) => differences(before[field], after[field], field));
}

/**
 * @param {any} a
 * @param {any} b
 * @param {string} place
 * @returns {string[]}
 */
function differences(a, b, place) {
  if (Object.is(a, b)) return [];
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return [place];
  const keys = Object.keys({ ...a, ...b });
  if (Array.isArray(a) && a.length !== b.length) return [place];
  return keys.flatMap((key) => differences(a[key], b[key], `${place}.${key}`));
}

/**
 * The edits of a state for the page as it is looked at now. Another set of runs has another one selected.
 *
 * @param {Entry} entry
 * @param {State} now
 * @returns {Partial<State>}
 */
function editsOf({ state, looks }, now) {
  const isBack = (/** @type {Field} */ field) => !LOOK.has(field) || looks.includes(field);
  const fields = /** @type {Field[]} */ (Object.keys(state));
  const edits = Object.fromEntries(fields.filter(isBack).map((field) => [field, state[field]]));
  const slots = (/** @type {State} */ { runs }) => runs.map(({ slot }) => slot).join();
  return slots(state) === slots(now) ? edits : { ...edits, selected: state.selected };
}
