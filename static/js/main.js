/**
 * The page: reads the address, starts the clock and the trainer, and lets controls and views show one state.
 */

import { createApi } from "./api/resources.js";
import { Trainer } from "./api/trainer.js";
import { describeTrouble } from "./api/trouble.js";
import { mountControls, renderNotices } from "./controls/mount.js";
import { createTranslator, LANGUAGES, resolveLanguage } from "./i18n/translate.js";
import { Anchor } from "./player/anchor.js";
import { bindKeyboard } from "./player/keyboard.js";
import { createPlayer } from "./player/player.js";
import { configsOf } from "./state/configs.js";
import { editRun, runAt, toggleFreeze } from "./state/edits.js";
import { keep, recall } from "./state/kept.js";
import { labelsOf } from "./state/labels.js";
import { idOf, lookOf, slotOf } from "./state/look.js";
import { decodeState, encodeState } from "./state/url.js";
import { createStore } from "./store.js";
import { mountLegend } from "./views/legend.js";
import { mountLines } from "./views/lines.js";
import { mountNetwork } from "./views/network.js";
import { mountSurface } from "./views/surface.js";
import { mountTimeline } from "./views/timeline.js";

/**
 * @typedef {import("./state/types.js").Catalog} Catalog
 * @typedef {import("./state/types.js").State} State
 * @typedef {import("./controls/notices.js").Notice} Notice
 * @typedef {import("./controls/page.js").Page} Page
 * @typedef {import("./views/types.js").View} View
 */

/** The address is written this long after the last change. */
const ADDRESS_PAUSE_MS = 250;
/** Playing starts with the surface, or this long after the first records if that takes longer. */
const PATIENCE_WITH_SURFACE_MS = 1500;
const NEWS_LAST_MS = 4000;

const root = document.documentElement;
const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
const plotlyLoaded = whenLoaded(find("plotly"));

const notices = createStore({ list: /** @type {Notice[]} */ ([]) });
let translator = createTranslator(resolveLanguage(null, [root.lang]));
/** @type {Page["t"]} the words of the moment */
const t = (key, params) => translator.t(key, params);

showWords();
notices.subscribe(showNotices);
const api = createApi((...request) => fetch(...request));
void loadCatalog();

async function loadCatalog() {
  try {
    const catalog = await api.catalog();
    dismiss("trouble");
    start(catalog);
  } catch (error) {
    say({ ...describeTrouble(error), action: { key: "notice.retry", run: loadCatalog } });
  }
}

/** @param {Catalog} catalog */
function start(catalog) {
  const { state: initial, unread } = decodeState(location.search, catalog);
  const store = createStore(recallChoices(initial));
  const player = createPlayer();
  const anchor = new Anchor(player);
  const trainer = new Trainer({ api, onChange: () => draw.request(), onTrouble });
  const controls = mountControls(find, { onShare });
  const draw = oncePerFrame(drawAll);
  let isToPlay = initial.step === null && !reducedMotion;
  let asked = "";

  const ctx = {
    t,
    player,
    reducedMotion,
    /** @param {string} layer */
    onToggleFreeze: (layer) =>
      store.set((state) => {
        const run = runAt(state, state.selected);
        return run === undefined ? {} : editRun(state, run.slot, { freeze: toggleFreeze(run, layer) });
      }),
    /** @param {string} id */
    onSelect: (id) => store.set({ selected: slotOf(id) }),
    /** @param {Record<string, any>} scales */
    onScales: ({ loss, lr, grad_norm: gradNorm, surface }) =>
      store.set(defined({ lossScale: loss, lrScale: lr, gradNormScale: gradNorm, surfaceScale: surface })),
    /** @param {Partial<Pick<State, "mode" | "network">>} patch */
    onView: (patch) => store.set(patch),
  };
  /** @type {View[]} */
  const views = [
    mountLegend(find("legend"), ctx),
    mountNetwork(find("network"), ctx),
    mountTimeline(find("timeline"), ctx),
  ];

  applyTheme(store.get());
  applyLanguage(store.get());
  player.setSpeed(initial.speed);
  anchor.set(initial.step ?? (reducedMotion ? Infinity : 0));
  if (unread.length > 0)
    say({ id: "unread", kind: "trouble", key: "notice.unread", params: { keys: unread.join(", ") } });

  const writeAddress = afterPause(() => {
    history.replaceState(null, "", location.pathname + encodeState(store.get(), catalog) + location.hash);
  }, ADDRESS_PAUSE_MS);
  store.subscribe((state, previous) => {
    if (state.theme !== previous.theme) applyTheme(state);
    if (state.language !== previous.language) applyLanguage(state);
    if (state.problem !== previous.problem) replay();
    if (onlyStep(state, previous)) {
      if (!player.playing) writeAddress.soon();
      return;
    }
    writeAddress.soon();
    train();
    draw.request();
  });
  player.subscribe(({ step, speed, playing }) => {
    for (const view of views) view.setStep(step);
    controls.setStep(step);
    if (!anchor.isHeld) store.set({ step: isToPlay ? null : step, speed });
    if (!playing) writeAddress.soon();
  });
  bindKeyboard(document, player);
  darkScheme.addEventListener("change", () => {
    applyTheme(store.get());
    draw.request();
  });
  addEventListener("pagehide", writeAddress.now);
  plotlyLoaded.then(
    () => {
      views.push(mountSurface(find("surface"), ctx), mountLines(find("lines"), ctx));
      draw.request();
    },
    () => say({ id: "plotly", kind: "trouble", key: "notice.noPlotly" }),
  );
  train();
  draw.now();

  /** Ask for what the state says, unless that is what was asked for last. */
  function train() {
    const state = store.get();
    const configs = configsOf(state, problemOf(state.problem));
    const jobs = configs.map((config, index) => ({ id: idOf(state.runs[index].slot), config }));
    const plane = problemOf(state.problem).kind === "function" ? "function" : state.plane;
    const wish = { jobs, plane };
    const text = JSON.stringify(wish);
    if (text === asked) return;
    asked = text;
    dismiss("trouble");
    if (!player.playing && !isToPlay) anchor.hold();
    trainer.train(wish);
  }

  /** From the start, as soon as there is something to see. */
  function replay() {
    player.pause();
    isToPlay = !reducedMotion;
    anchor.set(reducedMotion ? Infinity : 0);
  }

  function drawAll() {
    const state = store.get();
    const page = pageOf(state);
    controls.update(page);
    const data = dataOf(state, page);
    for (const view of views) view.update(data);
    const records = Math.max(0, ...page.runs.map((run) => run.history?.length ?? 0));
    player.setLength(records, { complete: trainer.trained });
    anchor.pull(trainer.trained);
    if (isToPlay && records > 0) beginWhenReady();
  }

  function beginWhenReady() {
    const begin = () => {
      if (!isToPlay) return;
      isToPlay = false;
      anchor.release();
      player.play();
    };
    if (trainer.surface !== null && !trainer.surface.stale && trainer.settled && views.length > 3) begin();
    else setTimeout(begin, PATIENCE_WITH_SURFACE_MS);
  }

  /**
   * @param {State} state
   * @returns {Page}
   */
  function pageOf(state) {
    const problem = problemOf(state.problem);
    const labels = labelsOf(state.runs);
    const configs = configsOf(state, problem);
    const colors = getComputedStyle(root);
    const runs = state.runs.map((run, index) => {
      const look = lookOf(run.slot);
      const shown = trainer.shown(idOf(run.slot));
      return {
        ...look,
        id: idOf(run.slot),
        label: labels[index],
        color: colors.getPropertyValue(look.color).trim(),
        config: configs[index],
        history: shown?.history ?? null,
        stale: shown?.stale ?? false,
        errors: shown?.errors ?? [],
      };
    });
    const language = resolveLanguage(state.language, [root.lang]);
    return { t, local: translator.local, language, state, catalog, problem, runs, edit: store.set };
  }

  /**
   * What the views show. While the first records of a new problem are on their way, that is still the old one.
   *
   * @param {State} state
   * @param {Page} page
   * @returns {import("./views/types.js").Data & {language: string}}
   */
  function dataOf(state, { runs, problem, language }) {
    const shown = runs.find((run) => run.history !== null)?.history?.config.problem.name ?? problem.name;
    const surface = trainer.surface;
    return {
      runs: runs.map((run) => (run.history?.config.problem.name === shown ? run : { ...run, history: null })),
      selected: idOf(state.selected),
      problem: problemOf(shown),
      steps: state.steps,
      surface: surface?.problem === shown ? surface : null,
      theme: root.dataset.theme === "dark" ? "dark" : "light",
      language,
      scales: {
        loss: state.lossScale,
        lr: state.lrScale,
        grad_norm: state.gradNormScale,
        surface: state.surfaceScale,
      },
      mode: state.mode,
      network: state.network,
    };
  }

  /** @param {string} name */
  function problemOf(name) {
    const problem = catalog.problems.find((entry) => entry.name === name);
    if (problem === undefined) throw new RangeError(`the catalog has no problem ${name}`);
    return problem;
  }

  /**
   * @param {unknown} error
   * @param {() => void} retry
   */
  function onTrouble(error, retry) {
    const trouble = describeTrouble(error);
    say({ ...trouble, action: { key: "notice.retry", run: retry } });
    if (trouble.retryAfter !== null) setTimeout(retry, 1000 * trouble.retryAfter);
  }

  async function onShare() {
    writeAddress.now();
    try {
      await navigator.clipboard.writeText(location.href);
      say({ id: "share", kind: "news", key: "app.shared" });
    } catch {
      say({ id: "share", kind: "news", key: "app.shareFailed" });
    }
  }
}

/** @param {State} state */
function recallChoices(state) {
  const theme = recall("theme");
  const language = recall("language");
  return {
    ...state,
    theme: state.theme ?? (theme === "light" || theme === "dark" ? theme : null),
    language: state.language ?? (language === "en" || language === "zh" ? language : null),
  };
}

/** @param {State} state */
function applyTheme({ theme }) {
  root.dataset.theme = theme ?? (darkScheme.matches ? "dark" : "light");
  keep("theme", theme);
}

/** @param {State} state */
function applyLanguage({ language }) {
  const resolved = resolveLanguage(language, [root.lang]);
  root.lang = LANGUAGES.find(({ code }) => code === resolved)?.tag ?? "en";
  translator = createTranslator(resolved);
  keep("language", language);
  showWords();
  showNotices();
}

/** The words that stand in the template. */
function showWords() {
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = t(String(element.getAttribute("data-text")));
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(String(element.getAttribute("data-label"))));
  }
}

function showNotices() {
  renderNotices(find("notices"), notices.get().list, t, dismiss);
}

/** @param {Notice} notice */
function say(notice) {
  notices.set(({ list }) => ({ list: [...list.filter(({ id }) => id !== notice.id), notice] }));
  if (notice.kind === "news") setTimeout(() => dismiss(notice.id), NEWS_LAST_MS);
}

/** @param {string} id */
function dismiss(id) {
  if (notices.get().list.some((notice) => notice.id === id)) {
    notices.set(({ list }) => ({ list: list.filter((notice) => notice.id !== id) }));
  }
}

/**
 * Whether the clock alone has moved.
 *
 * @param {State} state
 * @param {State} previous
 */
function onlyStep(state, previous) {
  const fields = /** @type {(keyof State)[]} */ (Object.keys(state));
  return fields.every((field) => field === "step" || Object.is(state[field], previous[field]));
}

/**
 * @template {object} T
 * @param {T} object
 * @returns {Partial<T>}  without the fields that are undefined
 */
function defined(object) {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return /** @type {Partial<T>} */ (Object.fromEntries(entries));
}

/** @param {() => void} action */
function oncePerFrame(action) {
  /** @type {number | null} */
  let frame = null;
  const now = () => {
    if (frame !== null) cancelAnimationFrame(frame);
    frame = null;
    action();
  };
  return { now, request: () => (frame ??= requestAnimationFrame(now)) };
}

/**
 * @param {() => void} action
 * @param {number} milliseconds
 */
function afterPause(action, milliseconds) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    action();
  };
  return { now, soon: () => (timer ??= setTimeout(now, milliseconds)) };
}

/**
 * @param {HTMLElement} script  that has not run yet: this module comes before it
 * @returns {Promise<void>}
 */
function whenLoaded(script) {
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("a script could not be loaded")));
  });
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function find(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element ${id}`);
  return element;
}
