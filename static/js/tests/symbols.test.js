import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterIcon, clusterRadius, ringShares } from "../map/symbols.js";

test("a cluster grows with its cases up to 28 pixels", () => {
  assert.ok(clusterRadius(4) < clusterRadius(25));
  assert.equal(clusterRadius(10_000), 28);
});

test("the shares of a ring follow the statuses in their order and fill it", () => {
  const shares = ringShares({ n: 10, ok: 5, new: 2, fix: 3 }, ["new", "fix", "ok"], 100, 0);
  assert.deepEqual(shares.map(({ status }) => status), ["new", "fix", "ok"]);
  assert.deepEqual(shares.map(({ length }) => length), [20, 30, 50]);
  assert.deepEqual(shares.map(({ start }) => start), [0, 20, 50]);
});

test("overdue cases stand in a badge", () => {
  assert.match(clusterIcon({ n: 18, new: 18, late: 2 }, ["new"]).html, /cluster__late.*>2</);
  assert.doesNotMatch(clusterIcon({ n: 18, new: 18, late: 0 }, ["new"]).html, /cluster__late/);
});
