/** The bar under everything: play, pause, one step, scrub, speed, and marks where something happened. */

import { SPEEDS } from "../../player/player.js";
import { create, setAttributes, setText, svg } from "../drawing/dom.js";
import { stepOfEnd } from "../drawing/ends.js";
import { eventsOf } from "./events.js";
import { TURN_MARKS } from "../drawing/freeze-turns.js";
import { FreezeFold } from "./freeze-fold.js";
import { icon, setIcon } from "../drawing/icons.js";

/**
 * @typedef {import("./events.js").RunEvent} RunEvent
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").View} View
 */

/**
 * @param {HTMLElement} element
 * @param {Context} ctx
 * @returns {View}
 */
export function mount(element, ctx) {
  const { player, t } = ctx;
  const parts = build();
  element.classList.add("timeline");
  const freezing = new FreezeFold(ctx);
  parts.buttons.append(freezing.button);
  element.append(parts.buttons, parts.track, parts.reading, parts.speedLabel, freezing.element);

  parts.back.addEventListener("click", () => player.stepBy(-1));
  parts.play.addEventListener("click", () => player.toggle());
  parts.forward.addEventListener("click", () => player.stepBy(1));
  parts.fork.addEventListener("click", () => ctx.onFork());
  parts.slider.addEventListener("input", () => player.seek(Number(parts.slider.value)));
  parts.speed.addEventListener("change", () => player.setSpeed(Number(parts.speed.value)));

  /** @type {RunEvent[]} */
  let events = [];
  const show = () => {
    const { step, last, playing, waiting, speed } = player;
    const atEnd = !playing && last > 0 && step === last;
    setIcon(parts.playIcon, playing ? "pause" : atEnd ? "replay" : "play");
    setLabel(
      parts.play,
      t(playing ? "views.timeline.pause" : atEnd ? "views.timeline.replay" : "views.timeline.play"),
    );
    parts.slider.max = String(last);
    parts.slider.value = String(step);
    const here = events.filter((event) => event.step === step).map((event) => describe(event, t));
    setAttributes(parts.slider, {
      "aria-valuetext": [t("views.timeline.step", { step, last }), ...here].join(" · "),
    });
    parts.progress.style.transform = `scaleX(${last === 0 ? 0 : step / last})`;
    setText(parts.step, String(step));
    setText(parts.last, `/ ${last}`);
    parts.back.disabled = step === 0;
    parts.forward.disabled = step === last;
    element.classList.toggle("is-waiting", waiting);
    if (document.activeElement !== parts.speed) parts.speed.value = String(speed);
    freezing.setStep(step);
  };
  const unsubscribe = player.subscribe(show);

  return {
    update(data) {
      setLabel(parts.back, t("views.timeline.back"));
      setLabel(parts.forward, t("views.timeline.forward"));
      setLabel(parts.fork, t("views.timeline.fork", { run: selectedLabel(data) }));
      const selected = data.runs.find(({ id }) => id === data.selected) ?? data.runs[0];
      parts.fork.disabled = selected.watched === true || data.runs.every(({ history }) => history === null);
      parts.slider.setAttribute("aria-label", t("views.timeline.scrub"));
      setText(parts.stepWord, t("views.timeline.word"));
      setText(parts.speedWord, t("views.timeline.speed"));
      showSpeeds(parts.speed, player.speed, t);
      events = player.last === 0 ? [] : data.runs.flatMap(eventsOf);
      drawMarks(parts.marks, events, player.last, t);
      freezing.update(data);
      show();
    },
    setStep: show,
    resize() {},
    destroy() {
      unsubscribe();
      element.replaceChildren();
    },
  };
}

function build() {
  const back = create(
    "button",
    { class: "timeline-button", type: "button", "data-action": "back" },
    icon("back"),
  );
  const playIcon = icon("play");
  const play = create(
    "button",
    { class: "timeline-button is-primary", type: "button", "data-action": "play" },
    playIcon,
  );
  const forward = create(
    "button",
    { class: "timeline-button", type: "button", "data-action": "forward" },
    icon("forward"),
  );
  const fork = create(
    "button",
    { class: "timeline-button", type: "button", "data-action": "fork" },
    icon("fork"),
  );
  const slider = create("input", {
    class: "timeline-slider",
    type: "range",
    min: 0,
    max: 0,
    step: 1,
    "data-timeline": true,
  });
  const progress = create("div", { class: "timeline-progress" });
  const marks = svg("svg", { class: "timeline-marks", "aria-hidden": "true" });
  const stepWord = create("span", { class: "timeline-word" });
  const step = create("output", { class: "timeline-step", "aria-live": "off" }, "0");
  const last = create("span", { class: "timeline-last" });
  const speedWord = create("span", { class: "timeline-word" });
  const speed = create("select", { class: "timeline-speed" });
  return {
    back,
    play,
    playIcon,
    forward,
    fork,
    slider,
    marks,
    progress,
    stepWord,
    step,
    last,
    speedWord,
    speed,
    buttons: create("div", { class: "timeline-buttons" }, back, play, forward, fork),
    track: create(
      "div",
      { class: "timeline-track" },
      create("div", { class: "timeline-groove" }, progress),
      slider,
      marks,
    ),
    reading: create("div", { class: "timeline-reading" }, stepWord, step, last),
    speedLabel: create("label", { class: "timeline-speed-label" }, speedWord, speed),
  };
}

/**
 * @param {HTMLElement} button
 * @param {string} label
 */
function setLabel(button, label) {
  if (button.getAttribute("aria-label") === label) return;
  setAttributes(button, { "aria-label": label, "data-hint": label });
}

/** @param {Data} data */
function selectedLabel({ runs, selected }) {
  return runs.find(({ id }) => id === selected)?.label ?? "";
}

/**
 * @param {HTMLSelectElement} select
 * @param {number} speed
 * @param {Context["t"]} t
 */
function showSpeeds(select, speed, t) {
  const choices = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((a, b) => a - b);
  const labels = choices.map((choice) => t("views.timeline.stepsPerSecond", { speed: choice }));
  if (labels.join() === Array.from(select.options, ({ text }) => text).join()) return;
  select.replaceChildren(...choices.map((value, i) => create("option", { value }, labels[i])));
}

/** @type {Record<import("./events.js").EventKind, {d: string, color: (event: RunEvent) => string}>} */
const MARKS = {
  lrDrop: { d: "M0 0L-3.5 -6H3.5Z", color: ({ run }) => run.color },
  freeze: { d: TURN_MARKS.freeze, color: ({ run }) => run.color },
  unfreeze: { d: TURN_MARKS.unfreeze, color: ({ run }) => run.color },
  drift: { d: TURN_MARKS.drift, color: ({ run }) => run.color },
  added: { d: "M-3.5 -4H3.5M0 -7.5V-.5", color: ({ run }) => run.color },
  fork: { d: "M-3.5 -3.75A3.5 3.5 0 1 0 3.5 -3.75A3.5 3.5 0 1 0 -3.5 -3.75Z", color: ({ run }) => run.color },
  diverged: { d: "M-3 -7L3 -1M3 -7L-3 -1", color: ({ run }) => run.color },
  failed: { d: "M0 -8V-3.5M0 -2V-.5", color: ({ run }) => run.color },
};

/** Marks that are lines, with nothing to fill. */
const OUTLINED = new Set(["added", "diverged", "failed", "fork", "drift"]);

/**
 * @param {SVGSVGElement} marks
 * @param {RunEvent[]} events
 * @param {number} last
 * @param {Context["t"]} t
 */
function drawMarks(marks, events, last, t) {
  marks.replaceChildren(
    ...events.map((event) => {
      const { d, color } = MARKS[event.kind];
      const outlined = OUTLINED.has(event.kind);
      const mark = svg("path", {
        d,
        fill: outlined ? "none" : color(event),
        stroke: outlined ? color(event) : "none",
        "stroke-width": 2,
        "data-hint": describe(event, t),
      });
      const place = svg("svg", { x: `${(100 * event.step) / last}%`, y: "100%", overflow: "visible" }, mark);
      return place;
    }),
  );
}

/**
 * @param {RunEvent} event
 * @param {Context["t"]} t
 */
function describe({ kind, step, layer, run }, t) {
  const ended = run.history?.ended ?? null;
  const at = kind === "failed" && ended !== null ? stepOfEnd(ended) : step;
  return t(`views.timeline.events.${kind}`, { run: run.label, step: at, layer: layer ?? "" });
}
