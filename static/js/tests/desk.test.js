import assert from "node:assert/strict";
import { test } from "node:test";
import { standingIn } from "../desk/case-list.js";
import { joined } from "../desk/standard-texts.js";
import { insertAll } from "../desk/source.js";
import { selectionOf } from "../desk/period.js";
import { decodeRing, encodeRing } from "../map/ring.js";

test("an area goes into the address and comes back", () => {
  const text = encodeRing([{ lng: 139.4158, lat: 35.7002 }, { lng: 139.4162, lat: 35.7002 }, { lng: 139.4162, lat: 35.6999 }]);
  assert.equal(text, "13941580_3570020_40_0_0_-30");
  assert.deepEqual(decodeRing(text), [[35.7002, 139.4158], [35.7002, 139.4162], [35.6999, 139.4162]]);
});

test("what is no area is none", () => {
  for (const text of [null, "", "1_2_3_4", "1_2_3_4_5_6_7", "a_b_c_d_e_f", Array(132).fill(1).join("_")]) assert.equal(decodeRing(text), null);
});

test("a stretch of the time bar counts each case with a day in it once", () => {
  // three cases: bar 0 alone, bars 0 to 2, bar 1 alone
  const bar = { start: "2026-11-23", step: 7, begins: [2, 1, 0], ends: [1, 1, 1] };
  assert.equal(selectionOf(bar, 0, 3).count, 3);
  assert.equal(selectionOf(bar, 1, 2).count, 2);
  assert.equal(selectionOf(bar, 2, 3).count, 1);
});

test("handles at the ends set no limit; inside they stand for the days of whole bars", () => {
  const bar = { start: "2026-11-23", step: 7, begins: [0, 0, 0], ends: [0, 0, 0] };
  assert.deepEqual([selectionOf(bar, 0, 3).first, selectionOf(bar, 0, 3).last], [null, null]);
  assert.equal(selectionOf(bar, 1, 2).first.toISOString().slice(0, 10), "2026-11-30");
  assert.equal(selectionOf(bar, 1, 2).last.toISOString().slice(0, 10), "2026-12-06");
});

test("what a press offers is written at its places, one after the other", () => {
  assert.equal(insertAll("{a: 1}", [[5, ", b: 2"], [11, ", c: 3"]]), "{a: 1, b: 2, c: 3}");
  assert.equal(insertAll("unchanged", []), "unchanged");
});

test("whoever stands at a row stands there in the list that takes its place", () => {
  assert.deepEqual(standingIn(["1", "2", "3"], "2", ["2", "4"]), { current: "2" });
  assert.deepEqual(standingIn(["1", "2", "3"], null, ["1"]), { current: null });
});

test("whose row has left the list goes on from where it was", () => {
  assert.deepEqual(standingIn(["1", "2", "3", "4"], "2", ["1", "4"]), { current: null, next: "4" });
  assert.deepEqual(standingIn(["1", "2", "3"], "3", ["1", "2"]), { current: null, last: "2" });
  assert.deepEqual(standingIn(["1", "2"], "2", []), { current: null, last: undefined });
});

test("a standard text goes behind what is written, on a line of its own", () => {
  assert.equal(joined("", "図面を直してください。"), "図面を直してください。");
  assert.equal(joined("はじめに\n\n", "図面を直してください。"), "はじめに\n図面を直してください。");
});
