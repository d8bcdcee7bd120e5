import assert from "node:assert/strict";
import { test } from "node:test";

import { whyEmpty } from "../../../../static/js/views/drawing/empty.js";
import { translatorOf } from "../../languages.js";

const words = translatorOf("en");

/** @param {any} run */
const why = (run) => whyEmpty({ errors: [], history: null, ...run }, words);

test("Of a run without records it is said why: it is not trained yet, it is refused, or it broke off.", () => {
  assert.equal(why({}), "There is something to show here as soon as training begins.");
  const errors = ["lr is too low", "every parameter is frozen"].map((detail) => ({ pointer: "", detail }));
  assert.match(why({ errors }), /cannot be trained as it is: lr is too low; every parameter is frozen$/);
  assert.equal(why({ errors: [{ pointer: "", detail: "" }] }), "The server keeps this run no longer.");
  const what = { detail: "", code: "loop_raised", params: {} };
  const ended = {
    reason: "failed",
    step: 0,
    detail: "",
    code: "failed",
    params: { step: 1, what, why: "no grad" },
  };
  assert.match(why({ history: { isEmpty: true, ended } }), /broke off before its first record: no grad$/);
});

test("A run with records is not empty, whatever is refused since.", () => {
  assert.equal(why({ history: { isEmpty: false }, errors: [{ pointer: "", detail: "no" }] }), "");
});
