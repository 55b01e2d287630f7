// やさしい日本語 in texts that scripts show: 漢字(かんじ) becomes ruby as it reaches the page, as the server does with pages
// (portal/residents/furigana.py). Attributes take no markup: there the readings are left out.

const DAYS = "ついたち|ふつか|みっか|よっか|いつか|むいか|なのか|ようか|ここのか|とおか|じゅうよっか|はつか|にじゅうよっか";
const READING = new RegExp(`(\\d{1,2}日(?=\\((?:${DAYS})\\))|[\\u3400-\\u9fff\\uf900-\\ufaff々〆ヶ]+)\\(([ぁ-ゖー]+)\\)`, "g");
const SPOKEN = ["aria-label", "title", "placeholder", "alt"];
const NO_MARKUP = "script, style, textarea, option, title, svg";

/** The text without its readings. */
export const withoutReadings = (text) => text.replace(READING, "$1");

/** The parts of a text: strings, and pairs of kanji and their reading. */
export function partsOf(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(READING)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push([match[1], match[2]]);
    end = match.index + match[0].length;
  }
  return end < text.length ? [...parts, text.slice(end)] : parts;
}

function rubyOf([kanji, reading]) {
  const ruby = document.createElement("ruby");
  const bracket = (sign) => Object.assign(document.createElement("rp"), { textContent: sign });
  ruby.append(kanji, bracket("("), Object.assign(document.createElement("rt"), { textContent: reading }), bracket(")"));
  return ruby;
}

function annotate(node) {
  const parts = partsOf(node.data);
  if (!parts.some(Array.isArray) || node.parentElement?.closest(NO_MARKUP)) return;
  // one element, so that it stays one item where its parent lays out items
  const text = document.createElement("span");
  text.append(...parts.map((part) => (Array.isArray(part) ? rubyOf(part) : part)));
  node.replaceWith(text);
}

function textsIn(node) {
  if (node.nodeType === Node.TEXT_NODE) return [node];
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts;
}

function strip(element, name) {
  const value = element.getAttribute(name);
  const plain = value && withoutReadings(value);
  if (plain !== value) element.setAttribute(name, plain);
}

export function watchReadings() {
  if (document.documentElement.dataset.language !== "ja-easy") return;
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") strip(change.target, change.attributeName);
      else if (change.type === "characterData") annotate(change.target);
      for (const node of change.addedNodes) {
        textsIn(node).forEach(annotate);
        for (const name of SPOKEN) node.querySelectorAll?.(`[${name}]`).forEach((element) => strip(element, name));
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: SPOKEN });
}
