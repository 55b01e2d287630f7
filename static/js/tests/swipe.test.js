import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOf } from "../map/swipe.js";

test("the slider says up to where each version is shown", () => {
  assert.equal(wordsOf("左から{share}%まで第1版", "40"), "左から40%まで第1版");
});
