/**
 * The page begins here. What the address asks for is under way as soon as it can be read, while the modules of the
 * workbench, which shows it, still arrive.
 */

import { createKeptApi } from "./api/kept-runs.js";
import { createApi } from "./api/resources.js";
import { Words } from "./languages/words.js";
import { namesLesson, readAddress } from "./main/address.js";
import { Board } from "./main/board.js";
import { find } from "./main/dom.js";
import { namedRun, withNamed } from "./main/named-run.js";
import { ask } from "./outside.js";
import { createPlayer } from "./player/player.js";
import { Session } from "./session/session.js";
import { problemsToKnow } from "./state/address/address.js";
import { filled, optimizersNamedIn, withEntry } from "./state/catalog.js";

/** @typedef {import("./main/workbench.js").Workbench} Workbench */

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
const api = createApi(ask);
const keptApi = createKeptApi(ask);
const words = new Words(api.language);
const board = new Board(find("notices"), words);
const spoken = words.begin();

/**
 * The catalog with what the address takes from it, and the run that it names.
 *
 * @param {import("./state/types.js").Catalog} catalog
 * @param {import("./state/kept-runs.js").KeptRun | null} run
 */
async function suggesting(catalog, run) {
  const names = [
    ...problemsToKnow(location.search, catalog),
    ...(run === null ? [] : [run.config.problem.name]),
  ];
  const entries = await Promise.all(names.map((name) => api.catalogEntry("problems", name)));
  return entries.reduce((known, entry) => withEntry(known, "problems", entry), catalog);
}

/** A server that has just been started answers as soon as it has loaded torch: that is said where it takes a while. */
const STARTING_MS = 1500;

async function begin() {
  const starting = setTimeout(
    () => board.say({ id: "starting", kind: "waiting", key: "shell.notice.starting" }),
    STARTING_MS,
  );
  try {
    const told = { language: words.language, lessons: namesLesson() ? api.lessons(words.language) : null };
    const named = namedRun(location.search, keptApi.get);
    const [brief, lessons, { run, notices: missing }] = await Promise.all([
      api.catalog(),
      told.lessons ?? [],
      named,
    ]);
    const catalog = await suggesting(filled(brief), run);
    const { state: read, unread, notices } = readAddress(catalog, words.offered, lessons);
    const state = withNamed(read, catalog, run);
    /** @type {Workbench | null} */
    let workbench = null;
    const session = new Session({
      ...{ catalog, api, keptApi, state, told, player: createPlayer(), reducedMotion, board },
      onChange: () => workbench?.draw(),
      onTrouble: (error, retry) => board.trouble(error, retry),
    });
    session.begin();
    const optimizers = optimizersNamedIn(catalog, JSON.stringify(state.runs));
    const known = session.details.know("optimizers", optimizers);
    const [{ Workbench }] = await Promise.all([import("./main/workbench.js"), spoken, known]);
    workbench = new Workbench({
      session,
      unread,
      notices: [...notices, ...missing],
      reducedMotion,
      api,
      words,
      board,
    });
  } catch (error) {
    board.trouble(error, begin);
  } finally {
    clearTimeout(starting);
    board.dismiss("starting");
  }
}

void begin();
await spoken;
board.draw();
