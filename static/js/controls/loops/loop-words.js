/** What is said of a watched run. */

/** @typedef {import("../../state/kept-runs.js").KeptRun} KeptRun */

/**
 * Whether it is live, and how it ended.
 *
 * @param {KeptRun} run
 * @param {import("../../languages/translator.js").Translator["t"]} t
 */
export function lifeOf({ state, ended, step }, t) {
  const life = state === "running" ? "live" : (ended?.reason ?? state);
  return t(`controls.loops.life.${life}`, { step });
}

/**
 * What its program trained, in a line.
 *
 * @param {KeptRun} run
 * @param {import("../../languages/translator.js").Translator["t"]} t
 */
export function modelOf({ source }, t) {
  const { model, parameters, optimizers, schedulers, devices, dtypes } =
    /** @type {{[name: string]: any}} */ (source ?? {});
  const named = (/** @type {any} */ list) =>
    Array.isArray(list) ? list.map((one) => String(one?.name ?? one)) : [];
  return [
    ...(model === undefined ? [] : [String(model)]),
    ...(typeof parameters === "number" ? [t("controls.loops.parameters", { count: parameters })] : []),
    ...[counted(named(optimizers)), counted(named(schedulers)), [...named(devices), ...named(dtypes)]]
      .filter((names) => names.length > 0)
      .map((parts) => t("shell.list", { parts })),
  ];
}

/**
 * Names, those that are there several times with their number: Pyro makes an optimizer for each parameter.
 *
 * @param {string[]} names
 */
export function counted(names) {
  return [...new Set(names)].map((name) => {
    const count = names.filter((one) => one === name).length;
    return count === 1 ? name : `${name} (${count})`;
  });
}
