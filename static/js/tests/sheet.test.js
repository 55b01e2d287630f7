import assert from "node:assert/strict";
import { test } from "node:test";
import { distance } from "../map/measure.js";
import { sheetCorners } from "../map/sheet-corners.js";

test("a sheet covers as much ground as its scale says", () => {
  const meridian = 139 + 50 / 60;
  const [southWest, southEast, , northWest] = sheetCorners([139.4137, 35.6982], [215, 174], 1000, meridian);
  assert.ok(Math.abs(distance(southWest, southEast, meridian) - 215) < 0.05);
  assert.ok(Math.abs(distance(southWest, northWest, meridian) - 174) < 0.05);
});
