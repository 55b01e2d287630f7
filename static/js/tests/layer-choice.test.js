import assert from "node:assert/strict";
import { test } from "node:test";
import { matches, readLayers, writeLayers } from "../map/layer-choice.js";

test("layers are written as they were read, from the top", () => {
  assert.deepEqual(readLayers("city-roads:0.35,zones"), [{ key: "city-roads", share: 0.35 }, { key: "zones", share: 1 }]);
  for (const text of ["city-roads:0.35,zones", "zones", "none"]) assert.equal(writeLayers(readLayers(text)), text);
});

test("what cannot be read is left out, and a layer that is on is seen", () => {
  assert.deepEqual(readLayers("a b,zones:x,zones:0,zones,:0.5,none"), [{ key: "zones", share: 0.1 }]);
  assert.deepEqual(readLayers(null), []);
});

test("titles are found by their words in any width, case and kana", () => {
  assert.equal(matches("粗大ごみの収集地区", "ゴミ 地区"), true);
  assert.equal(matches("用途地域ＡＢ", "ab"), true);
  assert.equal(matches("公共施設", "道路"), false);
  assert.equal(matches("公共施設", ""), true);
});
