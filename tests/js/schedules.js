// Schedules of one piece and of several, for the tests of what reads and changes them.
import { leaves, layOut } from "../../static/js/state/schedule.js";
import { makePiece } from "../../static/js/state/schedule-edits.js";
import { catalog } from "./catalog.js";

export const EPOCHS = 300;
export const cosine = catalog.lr_schedulers.find(({ name }) => name === "CosineAnnealingLR");
export const step = catalog.lr_schedulers.find(({ name }) => name === "StepLR");
export const whole = { name: "CosineAnnealingLR", hyperparameters: { T_max: 300 } };
export const warmUp = { name: "LinearLR", hyperparameters: { total_iters: 30 } };
export const fall = { name: "CosineAnnealingLR", hyperparameters: { T_max: 270 } };
export const sequence = {
  name: "SequentialLR",
  hyperparameters: {},
  schedulers: [warmUp, fall],
  milestones: [30],
};
export const chain = { name: "ChainedScheduler", hyperparameters: {}, schedulers: [warmUp, whole] };
export const handed = { ...sequence, name: "HandOver" };
export const limits = { max_schedulers: 8, max_scheduler_depth: 3 };
export const make = (/** @type {number} */ length) => makePiece(cosine, length);
export const extents = (/** @type {any} */ schedule) =>
  leaves(layOut(schedule, EPOCHS)).map(({ start, end }) => [start, end]);
