/**
 * Requests to the server, and what it answers when it refuses one.
 *
 * The page prefers refusals with status 200: a browser logs any other as an error, and to be refused is none. What they
 * are is said by their media type, and their status by the document itself.
 */

/**
 * @typedef {import("../languages/translator.js").Said} Said
 * @typedef {import("../wire.d.ts").FieldError} FieldError
 * @typedef {Pick<FieldError, "pointer" | "detail"> & Partial<FieldError>} FieldProblem  pointer: into the body that was sent
 * @typedef {Omit<Partial<import("../wire.d.ts").Problem>, "errors"> & {errors?: FieldProblem[]}} Problem
 * @typedef {typeof globalThis.fetch} Fetch
 */

const PROBLEM = "application/problem+json";
const PREFERRED = { prefer: "problem-status=200" };

/** The server answered, but not with what was asked for (`application/problem+json`, RFC 9457). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {Problem} problem
   * @param {number | null} [retryAfter]  seconds after which the server would like to be asked again
   */
  constructor(status, problem, retryAfter = null) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.errors = problem.errors ?? [];
    /** @type {Said} what there is to say of it: of the first field, if it names some */
    this.said = this.errors[0] ?? { ...problem, detail: this.message };
    this.retryAfter = retryAfter;
  }
}

/**
 * Ask again when the server would like to be, if it says so.
 *
 * @param {unknown} error  what it answered
 * @param {() => void} again
 */
export function retryLater(error, again) {
  if (error instanceof ApiError && error.retryAfter !== null) setTimeout(again, 1000 * error.retryAfter);
}

/** No answer came at all. */
export class OfflineError extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super("the server does not answer", { cause });
    this.name = "OfflineError";
  }
}

/** A person would not wait for the answer any longer. */
export class CancelledError extends Error {
  constructor() {
    super("a person has cancelled the request");
    this.name = "CancelledError";
  }
}

/** The stream of records ended without saying how its runs did. */
export class BrokenStreamError extends Error {
  /** @param {unknown} [cause] */
  constructor(cause) {
    super("the stream of records ended too early", { cause });
    this.name = "BrokenStreamError";
  }
}

/** The server gave a sweep up before all of it was there. */
export class StoppedSweepError extends Error {
  /** @param {Said} said */
  constructor(said) {
    super(said.detail);
    this.name = "StoppedSweepError";
    this.said = said;
  }
}

/** The runs are there, but the server would not compute their surface. */
export class SurfaceError extends Error {
  /** @param {ApiError} cause */
  constructor(cause) {
    super(cause.said.detail, { cause });
    this.name = "SurfaceError";
    this.said = cause.said;
  }
}

/**
 * @typedef {object} Options
 * @property {Fetch} fetch
 * @property {AbortSignal} [signal]
 * @property {unknown} [body]  JSON, or a file
 * @property {string} [method]  unless given: POST with a body, GET without
 * @property {Record<string, string>} [headers]
 */

/**
 * @param {string} path
 * @param {Options} options
 * @returns {Promise<Response>}  what was asked for
 * @throws {ApiError | OfflineError}  or the signal's reason, if it was aborted
 */
export async function request(path, { fetch, signal, ...message }) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { signal, ...written(message) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new OfflineError(cause);
  }
  if (!response.ok || isProblem(response)) throw await refusal(response);
  return response;
}

/**
 * @param {Omit<Options, "fetch" | "signal">} message
 * @returns {RequestInit}
 */
function written({ body, method, headers }) {
  if (body === undefined) return { method, headers: { ...PREFERRED, ...headers } };
  const isFile = body instanceof Blob;
  const kind = isFile ? "application/octet-stream" : "application/json";
  return {
    method: method ?? "POST",
    headers: { "content-type": kind, ...PREFERRED, ...headers },
    body: isFile ? body : JSON.stringify(body),
  };
}

/** @param {Response} response */
function isProblem(response) {
  return (response.headers.get("content-type") ?? "").startsWith(PROBLEM);
}

/** @param {Response} response */
async function refusal(response) {
  const after = Number(response.headers.get("retry-after") ?? NaN);
  const problem = await readProblem(response);
  return new ApiError(problem.status ?? response.status, problem, Number.isFinite(after) ? after : null);
}

/**
 * @param {Response} response
 * @returns {Promise<Problem>}
 */
async function readProblem(response) {
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  if (!isJson) return { title: `${response.status} ${response.statusText}`.trim() };
  return response.json().catch(() => ({}));
}
