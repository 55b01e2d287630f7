import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccepted, formatSize, retryDelay } from "../page/files.js";
import { renumber } from "../page/groups.js";
import { nextOption } from "../page/option-search.js";
import { isReading, toKatakana } from "../page/kana.js";

test("a new row takes its own number everywhere, and leaves other fields alone", () => {
  assert.equal(renumber("items.__n__.kind", "items", 3), "items.3.kind");
  assert.equal(renumber("items-0-kind-hint items-0-kind-error", "items", 1), "items-1-kind-hint items-1-kind-error");
  assert.equal(renumber("myitems.0.kind", "items", 2), "myitems.0.kind");
  assert.equal(renumber("/apply/d/x/page/files/items.__n__.photo", "items", 2), "/apply/d/x/page/files/items.2.photo");
  assert.equal(renumber("find-items.0.place", "items", 1), "find-items.1.place");
  assert.equal(renumber("people.__n__.jobs.__n__.company", "people", 2), "people.2.jobs.__n__.company");
  assert.equal(renumber("people.2.jobs.__n__.company", "people.2.jobs", 1), "people.2.jobs.1.company");
});

test("readings become katakana; converted words are no readings", () => {
  assert.equal(toKatakana("さとう"), "サトウ");
  assert.ok(isReading("さとう"));
  assert.ok(!isReading("佐藤"));
  assert.ok(!isReading("satou"));
});

test("arrow keys go round the options that came up", () => {
  assert.deepEqual([nextOption("ArrowDown", -1, 3), nextOption("ArrowDown", 2, 3), nextOption("ArrowUp", 0, 3)], [0, 0, 2]);
  assert.equal(nextOption("ArrowDown", -1, 0), -1);
});

test("files are judged by extension, type or family", () => {
  assert.ok(isAccepted("a.PDF", "", ".pdf,.png"));
  assert.ok(isAccepted("a.jpg", "image/jpeg", "image/*"));
  assert.ok(!isAccepted("a.exe", "application/octet-stream", "image/jpeg,application/pdf"));
  assert.equal(formatSize(1536), "1.5 KB");
  assert.equal(formatSize(12 * 1024 * 1024), "12 MB");
});

test("a request to a busy server is repeated when it says so, but not without end; a rejected one is not repeated", () => {
  assert.equal(retryDelay(503, "5", 0), 5000);
  assert.equal(retryDelay(503, null, 3), 5000);
  assert.equal(retryDelay(503, "86400", 0), 5000);
  assert.equal(retryDelay(503, "5", 12), null);
  assert.equal(retryDelay(422, null, 0), null);
  assert.equal(retryDelay(429, "600", 0), null);
  assert.equal(retryDelay(0, null, 0), null);
});
