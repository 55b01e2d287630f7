import assert from "node:assert/strict";
import { test } from "node:test";

const kept = new Map();
globalThis.sessionStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
globalThis.addEventListener ??= () => {};
globalThis.document = { querySelector: () => null, querySelectorAll: () => [] };
globalThis.DOMParser = class {
  parseFromString(text) {
    return { getElementById: () => (text === "parts" ? {} : null), querySelector: () => (text === "sign in" ? {} : null) };
  }
};
const { StepQueue } = await import("../edit/queue.js");

const answer = (status, text) => ({ status, text: async () => text, headers: { get: () => null } });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function queueOf(url, answers) {
  const sent = [];
  const said = [];
  const taken = [];
  globalThis.fetch = async (_, { body }) => {
    sent.push(body);
    const next = answers.shift();
    if (!next) throw new TypeError("offline");
    return next;
  };
  const queue = new StepQueue(url, { onAnswer: ({ status }) => taken.push(status), onIdle: () => {}, say: (word) => said.push(word) });
  return { queue, sent, said, taken };
}

test("steps go one after another, and one that is refused does not hold up the next", async () => {
  const { queue, sent, taken } = queueOf("/a", [answer(422, "parts"), answer(200, "parts")]);
  queue.add({ act: "draw" });
  queue.add({ act: "draw" }); // pressed twice
  queue.add({ act: "remove", feature: "1" });
  await settled();
  assert.deepEqual(taken, [422, 200]);
  assert.equal(sent.length, 2);
  assert.ok(queue.idle);
});

test("a step stays in the window while the line is down, and is sent again with the same token", async () => {
  const { queue, sent, said } = queueOf("/b", []);
  queue.add({ act: "draw" });
  await settled();
  clearTimeout(queue.timer);
  assert.equal(said.at(-1), "waiting");
  const again = queueOf("/b", [answer(200, "parts")]);
  await settled();
  assert.deepEqual(again.sent, sent);
  assert.deepEqual(again.taken, [200]);
});

test("a step waits for who has to sign in again", async () => {
  const { queue, said, taken } = queueOf("/c", [answer(403, "sign in"), answer(200, "parts")]);
  queue.add({ act: "draw" });
  await settled();
  assert.deepEqual([said.at(-1), taken.length, queue.idle], ["signIn", 0, false]);
  await queue.drain();
  assert.deepEqual(taken, [200]);
});
