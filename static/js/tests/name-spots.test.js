import assert from "node:assert/strict";
import { test } from "node:test";
import { nameSpot } from "../map/name-spots.js";

const ring = (...corners) => corners.map(([x, y]) => ({ x, y }));
const area = (...rings) => ({ type: 3, rings });
const box = (left, top, right, bottom) => ring([left, top], [right, top], [right, bottom], [left, bottom], [left, top]);

test("a name stands in the middle of its area", () => {
  assert.deepEqual(nameSpot(area(box(20, 40, 120, 80)), 60, 12), { x: 70, y: 60 });
});

test("an area that is too narrow or too low has no name", () => {
  assert.equal(nameSpot(area(box(20, 40, 70, 80)), 60, 12), null);
  assert.equal(nameSpot(area(box(20, 40, 120, 50)), 60, 12), null);
});

test("a name never reaches over the edge of its tile", () => {
  assert.deepEqual(nameSpot(area(box(-200, 40, 100, 80)), 60, 12), { x: 51, y: 60 });
  assert.equal(nameSpot(area(box(-200, 40, 50, 80)), 60, 12), null);
});

test("a hole is no room for a name", () => {
  const spot = nameSpot(area(box(0, 0, 200, 100), box(20, 20, 180, 80)), 60, 12);
  assert.ok(spot && (spot.y < 20 || spot.y > 80));
});

test("where an area bends, the name stands in its wide part", () => {
  const bent = ring([0, 0], [30, 0], [30, 70], [200, 70], [200, 100], [0, 100], [0, 0]);
  const spot = nameSpot(area(bent), 100, 12);
  assert.ok(spot && spot.y > 70 && spot.y < 100);
});

test("a line has its name in the middle of its longest part, if it is as long as that", () => {
  const lines = { type: 2, rings: [ring([10, 10], [30, 10]), ring([20, 100], [120, 100], [120, 200])] };
  assert.deepEqual(nameSpot(lines, 60, 12), { x: 120, y: 100 });
  assert.equal(nameSpot({ type: 2, rings: [ring([10, 10], [30, 10])] }, 60, 12), null);
  assert.equal(nameSpot({ type: 2, rings: [ring([250, 10], [600, 10])] }, 60, 12), null);
});

test("what has no corners has no name", () => {
  assert.equal(nameSpot(area([]), 60, 12), null);
  assert.equal(nameSpot({ type: 2, rings: [[]] }, 60, 12), null);
});
