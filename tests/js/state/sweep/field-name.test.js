import assert from "node:assert/strict";
import { test } from "node:test";

import { defaultState } from "../../../../static/js/state/address/table.js";
import { fieldName } from "../../../../static/js/state/sweep/field-name.js";
import { fieldsOf } from "../../../../static/js/state/sweep/fields.js";
import { catalog } from "../../catalog.js";
import { translatorOf } from "../../languages.js";

const NAMES = {
  "/optimizer/hyperparameters/lr": ["lr", "lr"],
  "/optimizer/hyperparameters/betas/0": ["betas[0]", "betas[0]"],
  "/optimizer/rest/hyperparameters/lr": ["rest.lr", "rest.lr"],
  "/optimizer/param_groups/1/lr": ["group 2 lr", "参数组 2 的 lr"],
  "/optimizer/param_groups/0/betas/1": ["group 1 betas[1]", "参数组 1 的 betas[1]"],
  "/lr_scheduler/hyperparameters/gamma": ["schedule gamma", "调度 gamma"],
  "/lr_scheduler/schedulers/1/hyperparameters/T_max": ["schedule 2 T_max", "调度 2 的 T_max"],
  "/clip_grad/max_norm": ["clipping max_norm", "裁剪 max_norm"],
  "/batch_size": ["batch size", "批大小"],
  "/model/start/0": ["start x", "起点 x"],
  "/model/start/1": ["start y", "起点 y"],
  "/model/hidden": ["hidden layers", "隐藏层"],
  "/model/hidden/0": ["units of hidden layer 1", "隐藏层 1 的单元数"],
  "/model/seed": ["network seed", "网络种子"],
  "/problem/seed": ["data seed", "数据种子"],
  "/loop/accumulate": ["loop.accumulate", "loop.accumulate"],
};

test("A field is told in the words of the page, and an argument by its name in torch.", () => {
  const languages = [translatorOf("en"), translatorOf("zh")];
  for (const [path, names] of Object.entries(NAMES))
    assert.deepEqual(languages.map(({ t }) => fieldName(path, t)), names, path); // prettier-ignore
});

test("No field that is offered is told as a path into the configuration.", () => {
  const { t } = translatorOf("en");
  for (const problem of ["xor", "rosenbrock"]) {
    const state = defaultState(catalog, problem);
    const clip = { name: "clip_grad_norm_", max_norm: 1 };
    const lr_scheduler = { name: "StepLR", hyperparameters: { step_size: 10 } };
    const runs = state.runs.map((run) => ({ ...run, clip_grad: clip, lr_scheduler }));
    for (const { path } of fieldsOf({ ...state, runs }, catalog))
      assert.match(fieldName(path, t), /^(?!model|problem|clip_grad|lr_scheduler|optimizer)[^./]+$/, path);
  }
});
