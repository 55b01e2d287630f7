// What has to be kept is copied with one press. Where there is no clipboard (no secure address) it stands selected, to be copied by hand.

export function watchCopying() {
  document.addEventListener("click", async ({ target }) => {
    const part = target.closest?.("[data-copy]")?.closest("[data-copied-part]");
    if (!part) return;
    const words = part.querySelector("[data-copied-words]");
    const copied = await navigator.clipboard?.writeText(words.innerText).then(() => true, () => false);
    part.querySelector("[data-copied]").hidden = !copied;
    if (!copied) getSelection().selectAllChildren(words);
  });
}
