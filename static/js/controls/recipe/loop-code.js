/**
 * The training loop of a run as lines of code, those marked that are not as in the tutorial.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { TUTORIAL_LOOP, orderOf } from "../../state/loop.js";
import { CodeLines } from "../parts/code-block.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/loop.js").LoopLine} LoopLine
 * @typedef {Pick<import("../../state/types.js").Run, "loop" | "clip_grad" | "lr_scheduler" | "optimizer">} Recipe
 */

/**
 * @param {object} props
 * @param {Recipe} props.run
 * @param {Recipe} [props.against]  the same without its mistakes; unless given, by the loop of the tutorial
 */
export function LoopCode({ run, against = { ...run, loop: habitsOf(run.loop) } }) {
  const { t } = usePage();
  const [code, before] = [run, against].map(loopCode);
  if (code === before) return null;
  return html`<pre
    class="code-text loop-code"
    tabindex="0"
    aria-label=${t("controls.break.lines")}
  ><code><${CodeLines} code=${code} before=${before} /></code></pre>`;
}

/**
 * What is no mistake in a loop.
 *
 * @param {Recipe["loop"]} loop
 */
function habitsOf({ accumulate, autocast, set_to_none: toNone } = {}) {
  const given = { accumulate, autocast, set_to_none: toNone };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/**
 * @param {Recipe} run
 * @returns {string}
 */
export function loopCode(run) {
  const loop = { ...TUTORIAL_LOOP, ...run.loop };
  const order = orderOf(loop);
  const passes = loop.accumulate > 1 ? passesOf(order) : [0, 0];
  const lines = order.flatMap((line, index) => {
    const isPassed = index >= passes[0] && index < passes[1];
    const begins = isPassed && index === passes[0] ? [`for _ in range(${loop.accumulate}):`] : [];
    const written = codeOf(line, run, loop).map((code) => (isPassed ? `    ${code}` : code));
    return [...begins, ...written];
  });
  const restart = loop.restart;
  const restarted = restart ? restartLines(restart, run.lr_scheduler !== null) : [];
  const made = loop.replaced?.map((layer) => `model.${layer} = copy.deepcopy(model.${layer})`) ?? [];
  const body = [...restarted, ...lines].map((line) => `    ${line}`);
  return [...made, "for step in range(steps):", ...body].join("\n");
}

/**
 * The lines that each pass of an accumulated step repeats: from the first forward pass to the last backward one.
 *
 * @param {readonly LoopLine[]} order
 * @returns {[number, number]}
 */
function passesOf(order) {
  const first = order.indexOf("forward");
  let end = first;
  while (["forward", "loss", "backward", "zero_grad"].includes(order[end])) end += 1;
  const passed = order.slice(first, end);
  const last = Math.max(passed.lastIndexOf("loss"), passed.lastIndexOf("backward"));
  return [first, first + last + 1];
}

/**
 * @param {LoopLine} line
 * @param {Recipe} run
 * @param {import("../../state/loop.js").Loop} loop
 * @returns {string[]}  none where the run has no such line
 */
function codeOf(line, { clip_grad: clip, lr_scheduler: scheduler }, loop) {
  const cast = loop.autocast ? '    # under torch.autocast("cpu", torch.bfloat16)' : "";
  const scaled = loop.accumulate > 1 && loop.scale_loss ? `(loss / ${loop.accumulate})` : "loss";
  /** @type {Record<LoopLine, string[]>} */
  const lines = {
    zero_grad: [`optimizer.zero_grad(${loop.set_to_none ? "" : "set_to_none=False"})`],
    forward: [`prediction = model(x)${cast}`],
    loss: ["loss = loss_fn(prediction, y)"],
    backward: [`${scaled}.backward()`],
    clip: clip === null ? [] : [`${clip.name}(model.parameters(), …)`],
    optimizer_step: ["optimizer.step()"],
    scheduler_step: scheduler === null ? [] : [schedulerCode(scheduler)],
  };
  return lines[line];
}

/** @param {import("../../state/types.js").Call} scheduler */
function schedulerCode({ interval }) {
  return typeof interval === "number" && interval > 1
    ? `scheduler.step()    # every ${interval} steps`
    : "scheduler.step()";
}

/**
 * @param {import("../../state/loop.js").Restart} restart
 * @param {boolean} hasScheduler
 */
function restartLines({ step, optimizer = false, lr_scheduler: scheduler = true }, hasScheduler) {
  return [
    `if step == ${step}:`,
    "    model.load_state_dict(saved_model)",
    optimizer ? "    optimizer.load_state_dict(saved_optimizer)" : "    optimizer = make_optimizer(model)",
    ...(!hasScheduler
      ? []
      : scheduler
        ? ["    scheduler.load_state_dict(saved_scheduler)"]
        : ["    scheduler = make_scheduler(optimizer)"]),
  ];
}
