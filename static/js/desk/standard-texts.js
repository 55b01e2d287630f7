// A standard text goes into the box that it was chosen for: behind what stands there, on a line of its own.

/** What the box holds with one more text: on the first line of an empty box, else on the next line. */
export function joined(written, text) {
  const before = written.trimEnd();
  return before ? `${before}\n${text}` : text;
}

export function watchStandardTexts() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-inserts]");
    const box = button && document.getElementById(button.dataset.inserts);
    if (!box) return;
    box.value = joined(box.value, button.dataset.text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}
