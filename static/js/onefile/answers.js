/**
 * Answers what the page asks of a server from what is recorded in its own file, in the same words.
 */

/**
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./recording.js").RunConfig} RunConfig
 *
 * @typedef {any} Body  of a request, whose call says what it is
 */

/** @type {Record<string, (recording: Recording, body: Body) => unknown>} undefined: that is not recorded; a text is a stream */
const CALLS = {
  "/api/loss-surface": (recording, { runs }) => recording.surface(runs),
  "/api/curvature": (recording, { runs: [config] }) => told("runs", [recording.run(config)?.curvature]),
  "/api/central-flow": (recording, { run }) => recording.run(run)?.flow,
  "/api/held-out-loss": (recording, { runs: [config] }) => told("runs", [recording.run(config)?.held_out]),
  "/api/anatomy": (recording, { run, step }) => recording.run(run)?.anatomies[step],
  "/api/lint": (recording, config) => told("warnings", recording.completed(config)?.warnings),
  "/api/sweeps": (recording, body) => recording.sweep(body),
  "/api/code": (recording, config) => told("code", recording.run(config)?.code),
};

/**
 * @param {Recording} recording
 * @returns {typeof fetch}
 */
export function answering(recording) {
  const { documents, refused } = recording.contents;
  return async (asked, { body } = {}) => {
    const address = String(asked);
    const [path] = address.split("?");
    const question = typeof body === "string" ? JSON.parse(body) : null;
    if (path === "/api/compare") return compared(recording, question);
    const answer = documents[address] ?? documents[path] ?? CALLS[path]?.(recording, question);
    if (typeof answer === "string") return new Response(answer);
    if (answer !== undefined) return json(answer);
    return problem(path === "/api/anatomy" ? refused.step : refused.call);
  };
}

/**
 * @param {Recording} recording
 * @param {{runs: RunConfig[]}} body
 */
function compared(recording, { runs }) {
  const recorded = runs.map((config) => recording.run(config));
  const { call } = recording.contents.refused;
  const errors = recorded.flatMap((run, i) =>
    run === undefined ? [{ ...call, pointer: `/runs/${i}` }] : [],
  );
  if (errors.length > 0) return problem({ ...call, errors });
  return new Response(recorded.map((run, i) => numbered(run?.events ?? "", i)).join(""));
}

/**
 * The events of a run in a comparison.
 *
 * @param {string} events
 * @param {number} run  index of it
 */
function numbered(events, run) {
  return events.replace(/^\{/gm, `{"run":${run},`);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function told(name, value) {
  return value === undefined ? undefined : { [name]: value };
}

/**
 * @param {unknown} answer
 * @param {ResponseInit} [init]
 */
function json(answer, init) {
  return new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" }, ...init });
}

/** @param {import("../wire.d.ts").Problem} said */
function problem(said) {
  return json(said, { status: said.status });
}
