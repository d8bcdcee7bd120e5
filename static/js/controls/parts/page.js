/**
 * What every control needs: the words, the catalog, the state, and how to change it.
 */

import { createContext, useContext } from "../../../vendor/preact/htm-preact.js";

/**
 * @typedef {import("../../state/types.js").State} State
 * @typedef {import("../../state/types.js").Catalog} Catalog
 * @typedef {import("../../state/types.js").Problem} Problem
 * @typedef {import("../../languages/translator.js").Translator} Translator
 * @typedef {import("../../api/request.js").FieldProblem} FieldProblem
 * @typedef {import("../../views/types.js").Run} ViewRun
 *
 * @typedef {object} RunStatus  how a run is doing
 * @property {FieldProblem[]} errors  why the server refuses it; pointers into its configuration
 * @property {import("../../wire.d.ts").QueuePlace | null} queue  where it waits for its turn, if it does
 * @property {string | null} refused  what the views call it while the server refuses it
 * @property {Pick<ViewRun, "label" | "ownRate"> & {optimizer: import("../../state/types.js").Call}} drawn  of the run whose
 *   records are shown: the one before an edit, while the edit is refused or on its way
 *
 * @typedef {object} Page
 * @property {Translator["t"]} t
 * @property {Translator["say"]} say
 * @property {import("../../languages/words.js").Words} words
 * @property {State} state
 * @property {Catalog} catalog
 * @property {(section: import("../../state/catalog.js").Section, ...names: string[]) => Promise<Catalog>} know  the
 *   catalog with all that there is about some entries
 * @property {Problem} problem  the one chosen
 * @property {(ViewRun & RunStatus)[]} runs  in the order of `state.runs`
 * @property {import("../../api/resources.js").Api} api
 * @property {(change: Partial<State> | ((state: State) => Partial<State>)) => void} edit
 * @property {{canUndo: boolean, canRedo: boolean, turns: number, undo: () => void, redo: () => void, part: () => void}} undo  part: what follows is an
 *   edit of its own
 * @property {() => string | null} planeNumbers  of the plane on the screen, as a text to hold it by
 * @property {() => void} cancel  wait no longer for the runs that were asked for
 * @property {Kept} kept
 * @property {Learning} learning
 * @property {() => void} replay  from the beginning, once there is something to see
 * @property {() => Taken} taken  what one file is asked for that shows what is on the screen
 * @property {() => string} link  the address of what is shown, which says all of it
 * @property {() => {context: import("../../views/types.js").Context, data: import("../../views/types.js").Data}} shown  what views
 *   are given, to be drawn once more
 * @property {boolean} hasMoved  whether the surface has had its turn, so that all else may follow
 *
 * @typedef {import("../../api/resources.js").Asked} Asked
 * @typedef {{asked: Asked} | {lacks: "runs" | "lesson" | "map" | "loop"}} Taken  lacks: of what there is none yet
 *
 * @typedef {Page["runs"][number]} RunView
 *
 * @typedef {object} Learning  the lessons
 * @property {import("../../wire.d.ts").LessonDocument[] | null} lessons  null while they are on their way
 * @property {import("../../wire.d.ts").LessonDocument | null} lesson  the one that is open
 * @property {import("../../wire.d.ts").LessonStep | null} page  the page of it
 * @property {number | null} answer  what was chosen there
 * @property {boolean} isTold  whether the run has come to where it says who is right
 * @property {boolean} mustAnswer  whether it asks, and nothing is chosen
 * @property {boolean} isHurried  whether somebody then wanted to play
 * @property {boolean} isPlaying
 * @property {boolean} isChanged  whether other runs are on the page than those that it speaks of
 * @property {string | null} pointsAt  what it speaks of
 * @property {import("../../wire.d.ts").LessonDocument | null} next  the one after it
 * @property {(id: string) => number} seen  how many pages of a lesson
 * @property {(place: State["place"]) => void} goTo
 * @property {(id: string, page?: number) => void} open
 * @property {() => void} bringBack  the runs that it speaks of
 * @property {() => void} close
 * @property {() => void} play  to where the run answers the question, or to its end
 * @property {(choice: number) => void} choose
 * @property {() => void} take  go on in Compare with what the lesson shows
 * @property {(text: string, language: string) => Promise<void>} read  a lesson of somebody's own
 *
 * @typedef {object} PartProps  what a part of a recipe is given
 * @property {string} id
 * @property {import("../../state/types.js").Run} run
 * @property {FieldProblem[]} errors
 * @property {(change: Partial<import("../../state/types.js").Run>) => void} change
 *
 * @typedef {object} Notice
 * @property {string} id  a newer notice with the same one takes its place
 * @property {"news" | "trouble" | "waiting"} kind
 * @property {string} key  a message of the catalogue
 * @property {import("../../languages/translator.js").Params} [params]
 * @property {import("../../languages/translator.js").Said} [said]  fills the hole `detail`
 * @property {{key: string, run: () => void}} [action]
 *
 * @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun
 * @typedef {{kind: "list"} | {kind: "keys"} | {kind: "save", of?: string} | {kind: "fork", slot: number, step: number}} Overlay  what is open over the page
 *
 * @typedef {object} Kept  the runs that the server keeps
 * @property {import("../../api/kept-runs.js").KeptApi} api
 * @property {Overlay | null} overlay
 * @property {(overlay: Overlay | null) => void} show
 * @property {(overlay: Overlay) => void} leave  it has been closed, unless another is open by now
 * @property {(id: string) => import("../../api/follower.js").Followed | null} get  one that is on a card
 * @property {(run: KeptRun) => void} learn  how a run is now
 * @property {(run: KeptRun) => void} add  put it beside the others
 * @property {() => number} step  that is shown now
 * @property {(notice: Notice) => void} say
 */

const PageContext = createContext(/** @type {Page | null} */ (null));

export const PageProvider = PageContext.Provider;

/** @returns {Page} */
export function usePage() {
  const page = useContext(PageContext);
  if (page === null) throw new Error("a control was drawn outside of the page");
  return page;
}

/**
 * What the server says against a field that all runs share.
 *
 * @param {Page} page
 * @param {string} pointer
 */
export function sharedError({ runs }, pointer) {
  return errorAt(runs.flatMap(({ errors }) => errors), pointer); // prettier-ignore
}

/**
 * @param {FieldProblem[]} errors
 * @param {string} pointer  that of the field; errors about its parts belong to it too
 * @returns {string | null}
 */
export function errorAt(errors, pointer) {
  return (
    errors.find((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`))?.detail ??
    null
  );
}
