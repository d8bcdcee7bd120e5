/** Events as the server writes them, for tests. */

const DTYPES = new Map([
  [Float32Array, "f4"],
  [Float64Array, "f8"],
]);

/** An array as it travels: base64 of little-endian numbers. */
export function encode(data, shape) {
  return {
    dtype: DTYPES.get(data.constructor),
    shape: shape.join(", "),
    bdata: Buffer.from(data.buffer).toString("base64"),
  };
}

/** A `run_started` event of a network with these parameters. */
export function startedEvent(parameters, config = {}, data = null) {
  return { event: "run_started", config, parameters, warnings: [], torch: "2.13.0", data };
}
