import assert from "node:assert/strict";
import { test } from "node:test";

import { curlOf, literal, pythonOf } from "../../../static/js/saving/commands.js";

const CONFIG = /** @type {any} */ ({ problem: { name: "xor" }, optimizer: { name: "Adam" }, steps: 3 });

test("What JSON says is said in Python.", () => {
  assert.equal(
    literal({ a: null, b: [true, false, 0.5], c: 'it\'s "so"' }),
    '{"a": None, "b": [True, False, 0.5], "c": "it\'s \\"so\\""}',
  );
  assert.match(literal({ long: "x".repeat(90), other: 1 }), /^\{\n {4}"long": "x+",\n {4}"other": 1,\n\}$/);
});

test("Runs that the server keeps are named by their ids, others by their configurations.", () => {
  const curl = curlOf("http://here", [CONFIG, { id: "abc" }]);
  assert.match(curl, /^curl -sN 'http:\/\/here\/api\/train' .*<<'JSON'\n/);
  assert.deepEqual(JSON.parse(curl.slice(curl.indexOf("{"), curl.lastIndexOf("}") + 1)), CONFIG);
  assert.match(curl, /\nJSON\ncurl -sN 'http:\/\/here\/api\/runs\/abc\/steps'\n$/);
  const python = pythonOf("http://here", [CONFIG, { id: "abc" }], ["Adam", "kept"]);
  assert.match(python, /CONFIGS = \[\n {4}\("Adam", \{/);
  assert.match(python, /KEPT = \[\n {4}\("kept", "abc"\),\n\]/);
});
