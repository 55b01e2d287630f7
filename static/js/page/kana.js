// The reading of a name is taken from what is typed before conversion, as long as nobody wrote it by hand.

/** ひらがな -> カタカナ; anything else stays. */
export function toKatakana(text) {
  return text.replace(/[\u3041-\u3096]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0x60));
}

/** Whether a composition still shows a reading (kana only), not the converted word. */
export function isReading(text) {
  return /^[\u3041-\u3096\u30a1-\u30fa\u30fc]+$/.test(text);
}

export function watchKana() {
  const readings = new WeakMap();
  document.addEventListener("compositionupdate", (event) => {
    if (event.target.dataset?.kana && isReading(event.data)) readings.set(event.target, event.data);
  });
  document.addEventListener("compositionend", (event) => {
    const reading = readings.get(event.target);
    const kana = reading && document.getElementById(event.target.dataset.kana);
    readings.delete(event.target);
    if (!kana || kana.dataset.byHand) return;
    kana.value += toKatakana(reading);
  });
  document.addEventListener("input", (event) => {
    if (event.target.dataset?.kana && event.target.value === "") {
      const kana = document.getElementById(event.target.dataset.kana);
      if (kana && !kana.dataset.byHand) kana.value = "";
    }
    if (event.isTrusted && document.querySelector(`[data-kana="${CSS.escape(event.target.id)}"]`)) {
      event.target.dataset.byHand = event.target.value ? "true" : "";
    }
  });
}
