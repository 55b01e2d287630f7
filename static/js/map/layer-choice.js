// Which layers are on, from the top, with how much of each is seen, as a text: `key:share,key`, as portal/desk/map_state.py reads it.

const NONE = "none";
const PART = /^([\w.-]{1,80})(?::([01](?:\.\d{1,4})?))?$/;
const LEAST = 0.1; // of a layer that is on, something is seen

/** @returns {{key: string, share: number}[]} from the top; what cannot be read is left out */
export function readLayers(text) {
  const shown = [];
  for (const part of (text ?? "").split(",")) {
    const [, key, share] = PART.exec(part) ?? [];
    if (!key || key === NONE || shown.some((each) => each.key === key)) continue;
    shown.push({ key, share: Math.min(1, Math.max(LEAST, Number(share ?? 1))) });
  }
  return shown;
}

export const writeLayers = (shown) => shown.map(({ key, share }) => (share < 1 ? `${key}:${share}` : key)).join(",") || NONE;

const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

/** Whether a title has all of the words; width, case and the two kana do not matter. */
export const matches = (title, words) => fold(words).split(/\s+/).every((word) => fold(title).includes(word));
