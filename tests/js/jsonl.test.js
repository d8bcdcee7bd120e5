import assert from "node:assert/strict";
import { test } from "node:test";

import {
  JsonLinesError,
  LineDecoder,
  decodeArray,
  decodeNumber,
  readJsonLines,
} from "../../static/js/jsonl.js";

const encoder = new TextEncoder();

/** A stream of the bytes of `text`, `size` bytes a chunk. */
function streamOf(text, size) {
  const bytes = encoder.encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, (at += size)));
    },
  });
}

async function collect(stream) {
  const values = [];
  for await (const batch of readJsonLines(stream)) values.push(...batch);
  return values;
}

const base64 = (array) => Buffer.from(array.buffer).toString("base64");

test("Lines are the same wherever the chunks split them, within a character of UTF-8 too.", async () => {
  const values = [{ name: "损失 ∇ 🎢", loss: 0.25 }, { loss: "NaN" }, [1, 2, 3]];
  const text = values.map((value) => JSON.stringify(value)).join("\n") + "\n";
  for (const size of [1, 2, 3, 5, 7, 1000]) assert.deepEqual(await collect(streamOf(text, size)), values);
});

test("The last line counts without its newline, and blank lines do not.", async () => {
  assert.deepEqual(await collect(streamOf('{"a":1}\n\n  \n{"b":2}', 4)), [{ a: 1 }, { b: 2 }]);
});

test("Values come in batches, as many as a chunk completes.", async () => {
  const batches = [];
  for await (const batch of readJsonLines(streamOf("1\n2\n3\n4\n", 4))) batches.push(batch);
  assert.deepEqual(batches, [
    [1, 2],
    [3, 4],
  ]);
});

test("A line that is not JSON is named by its number.", async () => {
  await assert.rejects(collect(streamOf('{"a":1}\n{"a":\n', 3)), (error) => {
    assert(error instanceof JsonLinesError);
    assert.equal(error.line, 2);
    return true;
  });
});

test("Leaving the loop early cancels the stream.", async () => {
  let cancelled = false;
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(encoder.encode("1\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const batch of readJsonLines(stream)) if (batch.length > 0) break;
  assert(cancelled);
});

test("A long line in many chunks is looked at once, not once a chunk.", () => {
  const decoder = new LineDecoder();
  const chunk = encoder.encode("x".repeat(100));
  const before = performance.now();
  for (let i = 0; i < 50_000; i += 1) assert.deepEqual(decoder.push(chunk), []);
  const [line] = decoder.push(encoder.encode("\n"));
  assert.equal(line.length, 5_000_000);
  assert(performance.now() - before < 5_000);
});

test("Typed arrays travel as base64 with the shape as Plotly writes it.", () => {
  const values = Float32Array.of(0.5, -1, NaN, Infinity, 1e-3, 2);
  const { data, shape } = decodeArray({ dtype: "f4", shape: "3, 2", bdata: base64(values) });
  assert.deepEqual(data, values);
  assert.deepEqual(shape, [3, 2]);
  const flat = decodeArray({ dtype: "f8", bdata: base64(Float64Array.of(1, 2)) });
  assert.deepEqual(flat.shape, [2]);
});

test("Nested lists are arrays too, with non-finite numbers as strings.", () => {
  const { data, shape } = decodeArray([
    [1, "NaN"],
    ["-Infinity", 4],
  ]);
  assert.deepEqual(data, Float64Array.of(1, NaN, -Infinity, 4));
  assert.deepEqual(shape, [2, 2]);
});

test("What is not an array of the wire is refused with a reason.", () => {
  assert.throws(() => decodeArray({ dtype: "f2", bdata: "" }), /unknown dtype "f2"/);
  assert.throws(
    () => decodeArray({ dtype: "f8", shape: "3", bdata: base64(Float64Array.of(1, 2)) }),
    /shape 3/,
  );
  assert.throws(() => decodeArray([[1, 2], [3]]), /ragged/);
  assert.throws(() => decodeArray(null), TypeError);
});

test("Non-finite numbers are strings on the wire.", () => {
  assert.deepEqual(["NaN", "Infinity", "-Infinity", 0.5, null].map(decodeNumber), [
    NaN,
    Infinity,
    -Infinity,
    0.5,
    null,
  ]);
  assert.throws(() => decodeNumber("inf"), /not a number/);
});
