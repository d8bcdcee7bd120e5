/**
 * Every view of the page over made-up runs, a layer of each frozen for half of it and moving all the same, and a ghost, and what a frame of it costs.
 *
 * `measure.canvas(frames)` moves all views by one step a frame, `measure.landscape(frames)` with the surface in three
 * dimensions; `measure.plotly(frames)` moves the same paths the way it is done today, as traces of the plot that holds the
 * surface.
 */

import { AnatomySource } from "/static/js/api/anatomies.js";
import { History } from "/static/js/history.js";
import { Translator } from "/static/js/languages/translator.js";
import { createPlayer } from "/static/js/player/player.js";
import { mount as mountLegend } from "/static/js/views/legend/legend.js";
import { MARKER_SHAPES } from "/static/js/views/drawing/markers.js";
import { mount as mountNetwork } from "/static/js/views/network/network.js";
import { mount as mountSurface } from "/static/js/views/surface/surface.js";
import { gridOf } from "/static/js/views/surface/surface-grid.js";
import { mount as mountTimeline } from "/static/js/views/timeline/timeline.js";
import { mount as mountTraining } from "/static/js/views/training/training.js";

const RUNS = 8;
const STEPS = 2000;
const RESOLUTION = 101;
const SAMPLES = 64;
const PARAMETERS = [
  ["fc1.weight", [2, 2]],
  ["fc1.bias", [2]],
  ["fc2.weight", [2, 2]],
  ["fc2.bias", [2]],
  ["fc3.weight", [1, 2]],
  ["fc3.bias", [1]],
];
const PARAMETER_COUNT = PARAMETERS.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0);
/** Its gradients are not None, so whether it moved is looked up in every frame. */
const FREEZE = [{ params: ["fc2"], from_step: 500, to_step: 1500, clear_grad: false }];
const DASHES = [[], [8, 3], [2, 3], [8, 3, 2, 3], [12, 4], [4, 4], [12, 3, 2, 3, 2, 3], [1, 2]];

/** An array as it travels. */
function encode(data, shape) {
  const bytes = new Uint8Array(data.buffer);
  let binary = "";
  for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return { dtype: data instanceof Float32Array ? "f4" : "f8", shape: shape.join(", "), bdata: btoa(binary) };
}

/** The point of a run at a step: spirals that swing wide, so that no two steps share a pixel for long. */
function place(run, k) {
  const swing = 1.6 * Math.exp(-k / 1500);
  const angle = 0.11 * k + run;
  return [
    Math.cos(run * 0.8) * swing + swing * 0.6 * Math.cos(angle),
    Math.sin(run * 0.8) * swing + 0.6 * swing * Math.sin(angle),
  ];
}

function makeHistory(run) {
  const samples = Float32Array.from({ length: 2 * SAMPLES }, (_, i) => Math.sin(37 * i));
  const history = new History({
    config: { model: { hidden: [2, 2], activation: "relu" }, freeze: FREEZE, optimizer: { name: "Adam" } },
    parameters: PARAMETERS.map(([name, shape]) => ({ name, shape, layer: name.split(".")[0] })),
    data: { x: encode(samples, [SAMPLES, 2]), y: encode(samples.slice(0, SAMPLES), [SAMPLES, 1]) },
  });
  history.append(makeBlock(run, 0, 1));
  for (let first = 1; first <= STEPS; first += 100) history.append(makeBlock(run, first, 100));
  history.end({ reason: "completed", step: STEPS, detail: "All steps were run." });
  return history;
}

function makeBlock(run, first, count) {
  const column = (width, value) =>
    Float64Array.from({ length: count * width }, (_, i) => value(first + Math.floor(i / width), i % width));
  const arrays = (value) =>
    Object.fromEntries(
      PARAMETERS.map(([name, shape], at) => {
        const width = shape.reduce((a, b) => a * b, 1);
        return [
          name,
          encode(Float32Array.from(column(width, (k, i) => value(k, i + at))), [count, ...shape]),
        ];
      }),
    );
  return {
    first,
    count,
    loss: encode(
      column(1, (k) => Math.exp(-k / (300 + 50 * run)) * (1.2 + Math.sin(k * (1 + run)) * 0.2) + 0.01),
      [count],
    ),
    lr: encode(
      column(1, (k) => 0.1 * 0.5 ** Math.floor(k / 500)),
      [count, 1],
    ),
    momentum: null,
    grad_norm:
      first === 0
        ? null
        : encode(
            column(1, (k) => 1 / (k + 1) + 0.1 * Math.abs(Math.sin(k + run))),
            [count],
          ),
    params: arrays((k, i) => Math.sin(i * 5 + run) + 0.3 * Math.cos(k / 90 + i)),
    grads: first === 0 ? null : arrays((k, i) => Math.cos(k / 50 + i) / (1 + k / 100)),
    state: {},
  };
}

function makeSurface() {
  const axis = Float64Array.from({ length: RESOLUTION }, (_, i) => -3 + (6 * i) / (RESOLUTION - 1));
  const z = Float64Array.from({ length: RESOLUTION ** 2 }, (_, i) => {
    const [x, y] = [axis[i % RESOLUTION], axis[Math.floor(i / RESOLUTION)]];
    return 0.05 + x * x + 3 * y * y + Math.sin(3 * x) + 1;
  });
  const paths = Array.from({ length: RUNS }, (_, run) => ({
    xy: encode(
      Float64Array.from({ length: 2 * (STEPS + 1) }, (_, i) => place(run, i >> 1)[i % 2]),
      [STEPS + 1, 2],
    ),
    loss: encode(
      Float64Array.from({ length: STEPS + 1 }, (_, k) => 1 - k / STEPS),
      [STEPS + 1],
    ),
    distance: encode(new Float64Array(STEPS + 1), [STEPS + 1]),
    plane_loss: encode(
      Float64Array.from({ length: STEPS + 1 }, (_, k) => Number(Math.floor(k / 20 + run) % 3 === 0)),
      [STEPS + 1],
    ),
  }));
  return {
    x: encode(axis, [RESOLUTION]),
    y: encode(axis, [RESOLUTION]),
    z: encode(z, [RESOLUTION, RESOLUTION]),
    axes: [
      { label: "PC 1", variance_explained: 0.8 },
      { label: "PC 2", variance_explained: 0.15 },
    ],
    plane: { kind: "pca" },
    origin: encode(new Float64Array(PARAMETER_COUNT), [PARAMETER_COUNT]),
    basis: encode(
      Float64Array.from({ length: 2 * PARAMETER_COUNT }, (_, i) => Math.cos(i)),
      [2, PARAMETER_COUNT],
    ),
    notices: [],
    paths,
  };
}

function makeData(style) {
  const runs = Array.from({ length: RUNS }, (_, i) => ({
    id: String(i),
    label: `run ${i}`,
    color: style.getPropertyValue(`--run-${i}`).trim(),
    dash: DASHES[i],
    marker: MARKER_SHAPES[i],
    config: { freeze: FREEZE, steps: STEPS },
    request: {},
    history: makeHistory(i),
    stale: false,
  }));
  return {
    runs,
    ghost: { ...runs[0], id: "ghost", label: "the same run without freezing", history: makeHistory(RUNS) },
    selected: "0",
    problem: { kind: "dataset", name: "made-up" },
    steps: STEPS,
    surface: {
      response: makeSurface(),
      runs: runs.map(({ id }) => id),
      stale: false,
      frame: "made-up",
      window: null,
    },
    window: null,
    arrows: true,
    theme: "light",
    scales: { loss: "log", lr: "linear", grad_norm: "log", surface: "log" },
    mode: "contour",
    network: "weights",
  };
}

const player = createPlayer();
const ignore = () => undefined;
const words = async (/** @type {string} */ file) => (await fetch(`/static/languages/en/${file}.json`)).json();
const VIEWS = ["charts", "ends", "freeze", "legend", "loss", "network", "surface", "timeline", "training"];
const translator = new Translator({
  language: await words("language"),
  words: {
    shell: await words("shell"),
    views: Object.fromEntries(
      await Promise.all(VIEWS.map(async (view) => [view, await words(`views/${view}`)])),
    ),
  },
});
const ctx = {
  t: translator.t,
  say: translator.say,
  player,
  reducedMotion: false,
  anatomies: new AnatomySource(() => new Promise(ignore)),
  onToggleFreeze: ignore,
  onFreeze: ignore,
  onFreezeAll: ignore,
  onSelect: ignore,
  onScales: ignore,
  onView: ignore,
  onStart: ignore,
};
const views = Object.entries({
  surface: mountSurface,
  legend: mountLegend,
  lines: mountTraining,
  network: mountNetwork,
  timeline: mountTimeline,
}).map(([id, mount]) => mount(document.getElementById(id), ctx));
const data = makeData(getComputedStyle(document.documentElement));
player.subscribe(({ step }) => {
  for (const view of views) view.setStep(step);
});
player.setLength(STEPS + 1, { complete: true });
for (const view of views) view.update(data);

/** The next frame, and how long its work took on the main thread, layout and painting included. */
function frame(work) {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const started = performance.now();
      work();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now() - started);
      channel.port2.postMessage(null);
    });
  });
}

/** Run frames one after another; what each took on the main thread and from one to the next, in milliseconds. */
async function run(frames, work) {
  const [main, interval] = [[], []];
  for (let i = 0; i < 10; i += 1) await frame(() => work(i));
  let last = performance.now();
  for (let i = 0; i < frames; i += 1) {
    main.push(await frame(() => work(i)));
    const now = performance.now();
    interval.push(now - last);
    last = now;
  }
  return { main, interval };
}

/** Over the whole length of the runs, the last steps included, where the paths are longest. */
const stepOf = (i, frames) => Math.round(((i + 1) / frames) * STEPS);

const measureCanvas = (frames) =>
  run(frames, (i) => {
    const step = stepOf(i, frames);
    for (const view of views) view.setStep(step);
  });

/** The same with the surface as a landscape. */
const measureLandscape = async (frames) => {
  await import("/static/js/views/surface/surface-landscape.js");
  for (const view of views) view.update({ ...data, mode: "3d" });
  await new Promise(requestAnimationFrame);
  const result = await measureCanvas(frames);
  for (const view of views) view.update(data);
  return result;
};

const measurePlotly = async (frames) => {
  document.body.classList.add("is-plotly");
  const element = document.getElementById("plotly");
  const { Plotly } = window;
  const { clientWidth: width, clientHeight: height } = element;
  const { x, y, z } = gridOf(data.surface.response);
  const rows = Array.from(y, (_, row) => z.slice(row * x.length, (row + 1) * x.length));
  const surface = { type: "contour", x, y, z: rows, contours: { coloring: "heatmap" }, hoverinfo: "skip" };
  const layout = { width, height, showlegend: false };
  const points = Array.from({ length: RUNS }, (_, r) =>
    Array.from({ length: STEPS + 1 }, (__, k) => place(r, k)),
  );
  const traces = data.runs.map(({ color }) => ({
    type: "scatter",
    mode: "lines",
    x: [],
    y: [],
    line: { color, width: 2 },
  }));
  await Plotly.newPlot(element, [surface, ...traces], layout, { displayModeBar: false });
  const indices = data.runs.map((_, i) => i + 1);
  const result = await run(frames, (i) => {
    const step = stepOf(i, frames);
    const shown = points.map((path) => path.slice(0, step + 1));
    Plotly.restyle(
      element,
      { x: shown.map((path) => path.map(([x]) => x)), y: shown.map((path) => path.map(([, y]) => y)) },
      indices,
    );
  });
  Plotly.purge(element);
  document.body.classList.remove("is-plotly");
  return result;
};

globalThis.measure = { canvas: measureCanvas, landscape: measureLandscape, plotly: measurePlotly };
document.body.dataset.ready = "yes";
