import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccepted, formatSize, retryDelay } from "../page/files.js";
import { canShrink, jpegName, sizeWithin } from "../page/shrinking.js";
import { renumber } from "../page/groups.js";
import { nextOption } from "../page/listbox.js";
import { isReading, toKatakana } from "../page/kana.js";
import { digitsOf, mayFill } from "../page/postal-code.js";
import { easy } from "../page/messages.js";
import { partsOf, withoutReadings } from "../page/readings.js";

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
  assert.equal(formatSize(1500), "1.5 KB");
  assert.equal(formatSize(10_000_000), "10 MB");
});

test("a request to a busy server is repeated when it says so, but not without end; a rejected one is not repeated", () => {
  assert.equal(retryDelay(503, "5", 0), 5000);
  assert.equal(retryDelay(503, null, 3), 5000);
  assert.equal(retryDelay(503, "86400", 0), 5000);
  assert.equal(retryDelay(503, "5", 12), null);
  assert.equal(retryDelay(422, null, 0), null);
  assert.equal(retryDelay(429, "600", 0), null);
  assert.deepEqual([0, 1, 2, 5].map((retries) => retryDelay(0, null, retries)), [1000, 2000, 4000, null]);
});

test("photos are made smaller in proportion, and drawings are not", () => {
  assert.deepEqual(sizeWithin(4032, 3024, 3400), [3400, 2550]);
  assert.deepEqual(sizeWithin(800, 600, 3400), [800, 600]);
  assert.deepEqual(sizeWithin(20000, 1, 3400), [3400, 1]);
  assert.ok(canShrink({ type: "image/jpeg" }) && !canShrink({ type: "image/png" }) && !canShrink({ type: "application/pdf" }));
  assert.deepEqual(["a.JPG", "IMG_1.HEIC", "photo"].map(jpegName), ["a.JPG", "IMG_1.jpg", "photo.jpg"]);
});

test("every kanji of easy Japanese that scripts show has its reading", () => {
  for (const text of Object.values(easy)) {
    const unread = partsOf(text).filter((part) => typeof part === "string").join("");
    assert.doesNotMatch(unread, /[\u3400-\u9fff]/, text);
  }
});

test("readings of やさしい日本語 are told from other brackets", () => {
  assert.deepEqual(partsOf("12月(がつ)2日(ふつか)に 送(おく)る(Shift)"), [
    "12", ["月", "がつ"], ["2日", "ふつか"], "に ", ["送", "おく"], "る(Shift)",
  ]);
  assert.equal(withoutReadings("保存(ほぞん)して います…"), "保存して います…");
});

test("a postal code is read in any width, and fills in only what nobody wrote otherwise", () => {
  assert.deepEqual(["190-0012", "〒１９０ー００１２", "1900012", "190-00", ""].map(digitsOf), ["1900012", "1900012", "1900012", null, null]);
  const brought = { prefecture: "東京都", city: "立川市", town: "曙町" };
  assert.ok(mayFill({ prefecture: "", city: " ", town: "" }, {}));
  assert.ok(mayFill(brought, brought), "another postal code after the first");
  assert.ok(!mayFill({ ...brought, town: "錦町" }, brought));
});
