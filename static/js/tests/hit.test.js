import assert from "node:assert/strict";
import { test } from "node:test";
import { isHit } from "../map/hit.js";

const square = (from, to) => [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }];
const courtyard = { type: 3, rings: [square({ x: 0, y: 0 }, { x: 100, y: 100 }), square({ x: 40, y: 40 }, { x: 60, y: 60 })] };
const road = { type: 2, rings: [[{ x: 0, y: 50 }, { x: 100, y: 50 }]] };

test("an area is hit where it is painted, and not in its hole or beside it", () => {
  assert.equal(isHit(courtyard, { x: 20, y: 20 }), true);
  assert.equal(isHit(courtyard, { x: 50, y: 50 }), false);
  assert.equal(isHit(courtyard, { x: 120, y: 20 }), false);
});

test("a line is hit a few pixels beside it, and not beyond its end", () => {
  assert.equal(isHit(road, { x: 50, y: 57 }), true);
  assert.equal(isHit(road, { x: 50, y: 60 }), false);
  assert.equal(isHit(road, { x: 115, y: 50 }), false);
});
