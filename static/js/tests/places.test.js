import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlace } from "../map/chosen-place.js";
import { concerns } from "../page/errors.js";
import { agrees, isFree } from "../page/place-address.js";

test("a place that was found is a position and a name, whatever the name holds", () => {
  assert.deepEqual(readPlace("139.4137000,35.6979000,立川駅"), { point: [139.4137, 35.6979], name: "立川駅" });
  assert.equal(readPlace("139.4,35.7,ホール, 別館").name, "ホール, 別館");
});

test("an address is filled in only where nothing was written, and what goes beyond the map agrees with it", () => {
  const parts = { prefecture: "東京都", city: "立川市", town: "曙町二丁目" };
  assert.ok(isFree(["", " ", ""]));
  assert.ok(!isFree(["", "錦町"]));
  assert.ok(agrees({ ...parts, block: "17-3" }, parts));
  assert.ok(!agrees({ ...parts, town: "錦町" }, parts));
  assert.ok(!agrees({}, parts));
});

test("an error stays as long as its question, or a part of it, has a fault", () => {
  assert.ok(concerns(["area"], "area"));
  assert.ok(concerns(["period.start"], "period"));
  assert.ok(concerns(["period"], "period.end"));
  assert.ok(!concerns(["area"], "area_note"));
  assert.ok(!concerns([], "area"));
});
