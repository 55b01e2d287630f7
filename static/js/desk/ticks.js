// Cases ticked in the list, to act on together: how many, and all of the list at once.

const boxes = () => [...document.querySelectorAll('[data-case-list] input[name="case"]')];

function show() {
  const form = document.querySelector("[data-bulk]");
  if (!form) return;
  const [all, ticked] = [boxes(), boxes().filter((box) => box.checked)];
  const button = form.querySelector("[data-ticked]");
  button.disabled = !ticked.length;
  button.textContent = ticked.length ? button.dataset.ticked.replace("{n}", ticked.length) : button.dataset.none;
  const page = form.querySelector("[data-tick-page]");
  page.checked = ticked.length > 0 && ticked.length === all.length;
  page.indeterminate = ticked.length > 0 && ticked.length < all.length;
}

export function watchTicks() {
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-tick-page]")) for (const box of boxes()) box.checked = target.checked;
    if (target.matches('[data-tick-page], input[name="case"]')) show();
  });
  document.addEventListener("htmx:afterSettle", show);
  show();
}
