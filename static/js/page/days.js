// Days: a button that writes one (`data-fill` names the input), and days without a year that the answer of the page has in full (`data-full-dates`).

/** Writes into an input what a person would have typed there. */
function write(input, text) {
  input.value = text;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function watchDays() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-fill]");
    const input = button && document.getElementById(button.dataset.fill);
    if (!input) return;
    write(input, button.value);
    input.focus();
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    for (const found of detail.target.querySelectorAll("[data-full-dates]"))
      for (const [name, [typed, full]] of Object.entries(JSON.parse(found.dataset.fullDates))) {
        const input = document.querySelector(`input[name="${CSS.escape(name)}"]`);
        if (input?.value === typed) write(input, full);
      }
  });
}
