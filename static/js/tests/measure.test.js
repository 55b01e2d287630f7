import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, fromGeometry, offset, planeScale, sides, labelAngle, toGeometry, orientation } from "../map/measure.js";

const TACHIKAWA = [139.4137, 35.6979];

test("a move of so many metres is as long as it says", () => {
  const there = offset(TACHIKAWA, 30, 40);
  assert.ok(Math.abs(distance(TACHIKAWA, there) - 50) < 0.001);
});

test("a degree of latitude near Tachikawa is 110.95 km on GRS80", () => {
  const north = distance([139.4, 35.5], [139.4, 36.5]);
  assert.ok(Math.abs(north - 110_957) < 15, String(north));
});

test("a side is as long as the city's plane system says", () => {
  // ten metres in plane XV, by PROJ
  const [from, to] = [[127.679050071, 26.212022505], [127.678949998, 26.212022629]];
  assert.ok(Math.abs(distance(from, to, 127.5) - 10) < 0.001, String(distance(from, to, 127.5)));
  assert.ok(Math.abs(planeScale([139.8333, 36], 139.8333) - 0.9999) < 1e-9);
  assert.ok(Math.abs(planeScale([140.8333, 36], 139.8333) - 1) < 0.0001);
});

test("an area is a closed ring, and its corners come back", () => {
  const points = [TACHIKAWA, offset(TACHIKAWA, 10, 0), offset(TACHIKAWA, 10, 5)];
  const geometry = toGeometry("polygon", points);
  assert.equal(geometry.coordinates[0].length, 4);
  assert.deepEqual(geometry.coordinates[0][0], geometry.coordinates[0][3]);
  assert.equal(fromGeometry(geometry).length, 3);
  assert.equal(sides(points, true).length, 3);
});

test("too few points are no geometry", () => {
  assert.equal(toGeometry("polygon", [TACHIKAWA, offset(TACHIKAWA, 1, 0)]), null);
  assert.equal(toGeometry("line", [TACHIKAWA]), null);
  assert.equal(toGeometry("point", []), null);
});

test("a ring drawn the other way round turns the other way", () => {
  const square = [{ x: 0, y: 0 }, { x: 2, y: 0 }, { x: 2, y: 2 }, { x: 0, y: 2 }];
  assert.equal(orientation(square), 8);
  assert.equal(orientation(square.toReversed()), -8);
});

const box = (...corners) => corners.map(([x, y]) => ({ x, y }));

test("words run along the longest side and are never upside down", () => {
  assert.equal(labelAngle(box([0, 0], [40, 0], [40, 10], [0, 10], [0, 0])), 0);
  assert.equal(labelAngle(box([0, 0], [40, -4], [41, 6], [1, 10], [0, 0])).toFixed(2), "-5.71");
  assert.equal(labelAngle(box([0, 0], [40, -4])).toFixed(3), labelAngle(box([40, -4], [0, 0])).toFixed(3));
  assert.equal(Math.abs(labelAngle(box([0, 0], [0, 30], [5, 30], [5, 0], [0, 0]))), 90);
  assert.equal(labelAngle([]), 0);
});
