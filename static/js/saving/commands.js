/** The comparison on the screen as what a terminal or Python takes. */

/**
 * @typedef {import("../state/types.js").RunConfig} RunConfig
 * @typedef {RunConfig | {id: string}} Asked  a run, or the id of one that the server keeps
 */

/**
 * @param {string} server  its address
 * @param {Asked[]} runs
 * @returns {string}  a command for each run, which prints every record as a line of JSON
 */
export function curlOf(server, runs) {
  return lines(
    runs.flatMap((run) => {
      if (isKept(run)) return [`curl -sN '${server}/api/runs/${run.id}/steps'`];
      const command = `curl -sN '${server}/api/train' -H 'Content-Type: application/json' --data-binary @- <<'JSON'`;
      return [command, JSON.stringify(run, null, 2), "JSON"];
    }),
  );
}

/**
 * @param {string} server  its address
 * @param {Asked[]} runs
 * @param {string[]} labels  of the runs
 * @returns {string}  a script that trains them and says where each came to
 */
export function pythonOf(server, runs, labels) {
  const named = runs.map((run, i) => ({ run, label: labels[i] }));
  const configs = named.filter(({ run }) => !isKept(run));
  const kept = named.filter(({ run }) => isKept(run));
  const list = (/** @type {typeof named} */ some, /** @type {(run: any) => unknown} */ tell) =>
    some.map(({ run, label }) => `    (${literal(label)}, ${literal(tell(run), 4)}),`);
  return lines([
    "from optiscope import Client",
    "",
    ...(configs.length === 0 ? [] : ["CONFIGS = [", ...list(configs, (run) => run), "]"]),
    ...(kept.length === 0 ? [] : ["KEPT = [", ...list(kept, (run) => run.id), "]"]),
    "",
    `with Client(${literal(server)}) as client:`,
    ...(configs.length === 0
      ? []
      : [
          "    losses = [[] for _ in CONFIGS]",
          "    for run, block in client.compare([config for _, config in CONFIGS]):",
          '        losses[run].extend(block.columns["loss"])',
          "    for (name, _), loss in zip(CONFIGS, losses):",
          "        print(name, loss[-1])",
        ]),
    ...(kept.length === 0
      ? []
      : [
          "    for name, id in KEPT:",
          "        *_, last = client.follow(id)",
          "        print(name, last.loss)",
        ]),
  ]);
}

/**
 * @param {Asked} run
 * @returns {run is {id: string}}
 */
function isKept(run) {
  return "id" in run;
}

/** @param {string[]} all */
function lines(all) {
  return `${all.join("\n")}\n`;
}

/** From here on an object is written over several lines. */
const ONE_LINE = 80;

/**
 * What JSON says, in Python.
 *
 * @param {unknown} value
 * @param {number} [indent]
 * @returns {string}
 */
export function literal(value, indent = 0) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = (/** @type {number} */ deeper) =>
    isList
      ? value.map((part) => literal(part, deeper))
      : Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${literal(part, deeper)}`);
  const [open, close] = isList ? "[]" : "{}";
  const short = `${open}${parts(0).join(", ")}${close}`;
  if (short.length + indent <= ONE_LINE && !short.includes("\n")) return short;
  const space = " ".repeat(indent + 4);
  return `${open}\n${parts(indent + 4)
    .map((part) => `${space}${part},\n`)
    .join("")}${" ".repeat(indent)}${close}`;
}
