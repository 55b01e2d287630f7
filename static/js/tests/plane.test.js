import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { areaInPlane, inPlane, isCrossing, lengthInPlane } from "../map/plane.js";

const NINTH = { meridian: 139 + 50 / 60, latitude: 36 };

test("places have the coordinates that PROJ gives them", () => {
  for (const [lon, lat, x, y] of [
    [139.4137, 35.6982, -33402.0862, -37975.6344],
    [139.5595, 35.6836, -35068.4415, -24785.6206],
    [139.3951, 35.6713, -36379.1028, -39672.2077],
    [139 + 50 / 60, 36, 0, 0],
  ]) {
    const found = inPlane(lon, lat, NINTH);
    assert.ok(Math.abs(found[0] - x) < 0.001 && Math.abs(found[1] - y) < 0.001, `${found}`);
  }
  const twelfth = inPlane(141.35, 43.06, { meridian: 142.25, latitude: 44 });
  assert.ok(Math.abs(twelfth[0] + 104033.3164) < 0.001 && Math.abs(twelfth[1] + 73308.3018) < 0.001, `${twelfth}`);
});

test("ways and areas are what the server measures in the same plane", () => {
  for (const { points, length, area, ...origin } of JSON.parse(readFileSync(new URL("measured.json", import.meta.url)))) {
    const inMetres = points.map(([lon, lat]) => inPlane(lon, lat, origin));
    assert.ok(Math.abs(lengthInPlane(inMetres) - length) < 0.01, `${lengthInPlane(inMetres)} instead of ${length}`);
    assert.ok(Math.abs(areaInPlane(inMetres) - area) / area < 1e-6, `${areaInPlane(inMetres)} instead of ${area}`);
  }
});

test("an outline whose sides cross has no area", () => {
  assert.equal(isCrossing([[0, 0], [10, 10], [10, 0], [0, 10]]), true);
  assert.equal(isCrossing([[0, 0], [10, 0], [10, 10], [0, 10]]), false);
  assert.equal(isCrossing([[0, 0], [10, 0], [5, 8]]), false);
});
