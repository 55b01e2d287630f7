import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, offset } from "../map/measure.js";
import { areaInPlane, inPlane } from "../map/plane.js";
import { stripCorners, withLength } from "../map/strip.js";
import { metresOf } from "../map/metres.js";

const PLANE_IX = { meridian: 139 + 50 / 60, latitude: 36 };
const FROM = [139.415752, 35.700221];
const strip = { from: FROM, to: offset(FROM, 18.5, 2.4), width: 1.6, side: 1 };
const areaOf = (corners) => areaInPlane(corners.map(([lon, lat]) => inPlane(lon, lat, PLANE_IX)));

test("a strip is as large as its length and its width say, in the plane of the city", () => {
  const length = distance(strip.from, strip.to, PLANE_IX.meridian);
  assert.ok(Math.abs(areaOf(stripCorners(strip, PLANE_IX.meridian)) - length * 1.6) < 0.005);
});

test("a strip lies to the right of its line, or turned to the left of it", () => {
  const north = { ...strip, to: offset(FROM, 0, 10) };
  const [, , right] = stripCorners(north);
  const [, , left] = stripCorners({ ...north, side: -1 });
  assert.ok(right[0] > FROM[0] && left[0] < FROM[0]);
  assert.ok(Math.abs(right[0] + left[0] - 2 * FROM[0]) < 1e-12);
});

test("a length that is typed keeps the beginning and the direction", () => {
  const longer = withLength(strip, 19, PLANE_IX.meridian);
  assert.deepEqual(longer.from, FROM);
  assert.ok(Math.abs(distance(FROM, longer.to, PLANE_IX.meridian) - 19) < 0.001);
});

test("metres are read as people type them, and nothing else is", () => {
  assert.equal(metresOf("１．６"), 1.6);
  assert.equal(metresOf("19 m"), 19);
  assert.equal(metresOf("0,9"), 0.9);
  for (const text of ["", "0", "-2", "広い", "1e9"]) assert.equal(metresOf(text), null);
});
