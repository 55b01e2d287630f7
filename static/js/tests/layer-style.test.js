import assert from "node:assert/strict";
import { test } from "node:test";
import { classColour } from "../map/layer-style.js";

const zones = {
  by: "category",
  property: "zone",
  classes: [{ colour: "#0072b2", value: "A" }, { colour: "#e69f00", value: "2.50" }, { colour: "#009e73", value: "true" }],
};
const depths = { by: "range", property: "depth", classes: [{ colour: "#fde79b", upper: 0.5 }, { colour: "#311559" }], other: "#7a7a7a" };

test("a value has the colour of its class, whatever its type", () => {
  assert.equal(classColour(zones, { zone: "A" }), "#0072b2");
  assert.equal(classColour(zones, { zone: 2.5 }), "#e69f00");
  assert.equal(classColour(zones, { zone: true }), "#009e73");
});

test("what is in no class is not drawn, or has the colour of the others", () => {
  assert.equal(classColour(zones, { zone: "B" }), null);
  assert.equal(classColour(zones, {}), null);
  assert.equal(classColour(depths, { depth: "deep" }), "#7a7a7a");
  assert.equal(classColour(depths, {}), "#7a7a7a");
});

test("a range holds its upper limit, and the last one all above", () => {
  assert.equal(classColour(depths, { depth: 0.5 }), "#fde79b");
  assert.equal(classColour(depths, { depth: 0.51 }), "#311559");
});

test("a layer of one colour has no classes", () => {
  assert.equal(classColour({ fill: "#0072b2" }, { zone: "A" }), undefined);
});
