import assert from "node:assert/strict";
import { test } from "node:test";
import { sheetSize } from "../desk/viewer.js";

const page = { width: 1400, height: 2000 };

test("a page fills the width of its room, and keeps its shape", () => {
  assert.deepEqual(sheetSize(page, 700, { scale: 1, turns: 0 }), { width: 700, height: 1000, boxWidth: 700, boxHeight: 1000 });
  assert.deepEqual(sheetSize(page, 700, { scale: 2, turns: 2 }), { width: 1400, height: 2000, boxWidth: 1400, boxHeight: 2000 });
});

test("a quarter turn fits the other side into the room", () => {
  assert.deepEqual(sheetSize(page, 1000, { scale: 1, turns: 1 }), { width: 700, height: 1000, boxWidth: 1000, boxHeight: 700 });
});
