import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= { querySelector: () => null, querySelectorAll: () => [], addEventListener: () => {}, documentElement: { dataset: {} } };
const { newDraft, VisitQueue } = await import("../visits/queue.js");
const { readExif } = await import("../visits/exif.js");
const { photoOf } = await import("../visits/photos.js");
const { distanceText, metresBetween } = await import("../visits/list.js");

const visit = { staff: 1, case: 7, stage: "site_check", number: "日-1", title: "道路占用", place: "日野", seen: "3-40", key: "1/7/site_check" };
const photo = (key) => ({ key, question: "photos", name: `${key}.jpg`, blob: {}, arrived: false, at: "2026-12-01T01:00:00.000Z", lon: 139.4, lat: 35.7, source: "photo" });
const readyDraft = (...photos) => Object.assign(newDraft(visit), { values: [["width_kept", "yes"]], photos, state: "ready" });

/** A queue over drafts in memory; `answers` are given to its posts in turn, a missing one is a line that is cut. */
function queueOf(all, answers, session = { status: 200, staff: 1 }) {
  const sent = [];
  const said = [];
  const queue = new VisitQueue({
    drafts: { of: async (staff) => all.filter((draft) => draft.staff === staff), put: async () => {} },
    session: async () => session,
    post: async (path, fields) => {
      sent.push({ path, fields: new Map(fields.map(([name, value]) => [name, value])) });
      return answers.shift() ?? { status: 0, answer: {} };
    },
    say: (word) => said.push(word),
    onChange: () => {},
  });
  return { queue, sent, said };
}
const ok = () => ({ status: 200, answer: {} });

test("photos go first, each with where it was taken, then the answers; nothing stays behind", async () => {
  const draft = readyDraft(photo("p1"), photo("p2"));
  const { queue, sent, said } = queueOf([draft], [ok(), ok(), ok()]);
  await queue.drain();
  assert.deepEqual(sent.map(({ path }) => path.split("site_check")[1]), ["/photos/photos", "/photos/photos", "/answers"]);
  assert.equal(sent[0].fields.get("lat"), "35.7");
  assert.equal(sent[2].fields.get("case-seen"), "3-40");
  assert.deepEqual([draft.state, draft.values, draft.photos], ["sent", [], []]);
  assert.deepEqual(said, ["sending", "idle"]);
});

test("after a cut it goes on with what had not arrived, under the same keys", async () => {
  const draft = readyDraft(photo("p1"), photo("p2"));
  const first = queueOf([draft], [ok()]);
  await first.queue.drain();
  assert.deepEqual([draft.state, first.said.at(-1)], ["ready", "offline"]);
  assert.deepEqual(draft.photos.map(({ arrived }) => arrived), [true, false]);
  const second = queueOf([draft], [ok(), ok()]);
  await second.queue.drain();
  assert.equal(second.sent[0].fields.get("sent-key"), first.sent[1].fields.get("sent-key"));
  assert.equal(second.sent[1].fields.get("sent-key"), draft.sentKey);
  assert.equal(second.sent.length, 2);
});

test("what the office decided meanwhile is refused with what happened, and the answers stay", async () => {
  const draft = readyDraft();
  const answer = { message: "先に処理しました。", changes: ["許可しました"], seen: "4-50" };
  await queueOf([draft], [{ status: 409, answer }]).queue.drain();
  assert.deepEqual([draft.state, draft.reason, draft.changes, draft.newSeen], ["refused", answer.message, ["許可しました"], "4-50"]);
  assert.deepEqual(draft.values, [["width_kept", "yes"]]);
  const later = queueOf([draft], []);
  await later.queue.drain();
  assert.equal(later.sent.length, 0, "it is not sent again by itself");
  draft.state = "noting";
  const { queue, sent } = queueOf([draft], [ok()]);
  await queue.drain();
  assert.match(sent[0].path, /\/note$/);
  assert.equal(draft.state, "sent");
});

test("one that is refused does not hold up the next; one to correct says what", async () => {
  const [one, other] = [readyDraft(), Object.assign(readyDraft(), { key: "1/8/site_check", case: 8 })];
  const { queue } = queueOf([one, other], [{ status: 422, answer: { message: "直してください。", faults: [{ field: "a", sentence: "幅: 入力してください" }] } }, ok()]);
  await queue.drain();
  assert.deepEqual([one.state, one.changes, other.state], ["fix", ["幅: 入力してください"], "sent"]);
});

test("a picture of 60 MB that cannot be made smaller is refused with its name before it is kept", async () => {
  const bytes = 60 * 1024 * 1024;
  const file = { name: "現場.png", type: "image/png", size: bytes, slice: () => new Blob([new Uint8Array(16)]) };
  const holder = { dataset: { files: "photos", accept: ".jpg,.jpeg,.png", maxBytes: String(10 * 1024 * 1024), shrinkBytes: "1000000" } };
  const { problem, photo: kept } = await photoOf(file, holder, { tooLarge: "「{name}」は大きすぎます。{limit}まで", wrongType: "" }, async () => null);
  assert.match(problem, /「現場.png」は大きすぎます。10 ?MBまで/);
  assert.equal(kept, undefined);
});

test("what a proxy cuts off for its size keeps its answers and does not hold up the next", async () => {
  const [one, other] = [readyDraft(photo("p1")), Object.assign(readyDraft(), { key: "1/8/site_check", case: 8 })];
  await queueOf([one, other], [{ status: 413, answer: {} }, ok()]).queue.drain();
  assert.deepEqual([one.state, one.photos.length, one.values, other.state], ["refused", 1, [["width_kept", "yes"]], "sent"]);
});

test("nothing is sent for a colleague, nor when nobody is signed in", async () => {
  const draft = readyDraft();
  const colleague = queueOf([draft], [ok()], { status: 200, staff: 2 });
  assert.equal(await colleague.queue.drain(), 2);
  assert.equal(colleague.sent.length, 0);
  const nobody = queueOf([draft], [ok()], { status: 401 });
  await nobody.queue.drain();
  assert.deepEqual([nobody.sent.length, nobody.said, draft.state], [0, ["signIn"], "ready"]);
});

/** A JPEG of nothing but what a camera writes: the moment, and degrees, minutes and seconds. */
function jpegWith(moment) {
  const view = new DataView(new ArrayBuffer(400));
  const put = (at, text) => [...text].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  view.setUint32(0, 0xffd8ffe1);
  view.setUint16(4, 390);
  put(6, "Exif\0\0MM");
  const base = 12;
  view.setUint16(base + 2, 42);
  view.setUint32(base + 4, 8);
  const entry = (at, tag, type, count, value) => {
    view.setUint16(at, tag);
    view.setUint16(at + 2, type);
    view.setUint32(at + 4, count);
    if (typeof value === "string") put(at + 8, value);
    else view.setUint32(at + 8, value);
  };
  view.setUint16(base + 8, 2);
  entry(base + 10, 0x8769, 4, 1, 60);
  entry(base + 22, 0x8825, 4, 1, 120);
  view.setUint16(base + 60, 1);
  entry(base + 62, 0x9003, 2, 20, 90);
  put(base + 90, `${moment}\0`);
  view.setUint16(base + 120, 4);
  entry(base + 122, 1, 2, 2, "N\0");
  entry(base + 134, 2, 5, 3, 200);
  entry(base + 146, 3, 2, 2, "E\0");
  entry(base + 158, 4, 5, 3, 230);
  [35, 1, 41, 1, 3000, 100, 0, 0].forEach((value, n) => n < 6 && view.setUint32(base + 200 + n * 4, value));
  [139, 1, 24, 1, 0, 1].forEach((value, n) => view.setUint32(base + 230 + n * 4, value));
  return view.buffer;
}

test("a photo says when and where it was taken, and one that says nothing is no fault", () => {
  const { at, lon, lat } = readExif(jpegWith("2026:12:01 10:20:30"));
  assert.equal(at, "2026-12-01T01:20:30.000Z");
  assert.deepEqual([lat.toFixed(5), lon.toFixed(5)], ["35.69167", "139.40000"]);
  assert.equal(readExif(jpegWith("0000:00:00 xx:yy:zz")).at, undefined);
  assert.deepEqual(readExif(new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, 9]).buffer), {});
  assert.deepEqual(readExif(new TextEncoder().encode("PDF").buffer), {});
});

test("the way from here is in metres, then in kilometres", () => {
  const metres = metresBetween({ lon: 139.4, lat: 35.7 }, { lon: 139.4, lat: 35.709 });
  assert.ok(Math.abs(metres - 1000) < 10);
  assert.deepEqual([4, 834, 1500, 12_400].map(distanceText), ["10 m", "830 m", "1.5 km", "12 km"]);
});
