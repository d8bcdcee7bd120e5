import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { PointsError } from "../../../static/js/state/points/table.js";
import { decoded } from "../../../static/js/state/points/text.js";

const CASES = JSON.parse(readFileSync(new URL("../../texts.json", import.meta.url), "utf8"));

for (const { name, bytes, text, encoding } of CASES)
  test(`the bytes of a file are the same text here and in Python: ${name}`, () => {
    const { buffer } = Uint8Array.from(bytes);
    if (encoding === null)
      return assert.throws(
        () => decoded(buffer),
        (error) => error instanceof PointsError && error.wrong[0].code === "no_text",
      );
    assert.deepEqual(decoded(buffer), { text, encoding });
  });
