// Two maps that move in step, one laid over the other: a slider sets the border up to which the upper one is cut off.

/** The words of the slider for a share of the width. */
export const wordsOf = (template, share) => template.replace("{share}", String(share));

export function enhanceSwipe(maps) {
  if (maps.dataset.ready) return;
  maps.dataset.ready = "true";
  const button = document.querySelector(`[data-swipe-switch][aria-controls="${maps.id}"]`);
  const frame = maps.querySelector("label");
  const slider = frame.querySelector("input");
  const update = () => {
    maps.style.setProperty("--swipe", `${slider.value}%`);
    slider.setAttribute("aria-valuetext", wordsOf(slider.dataset.words, slider.value));
  };
  slider.addEventListener("input", update);
  button.addEventListener("click", () => {
    const on = maps.classList.toggle("is-swiped");
    button.setAttribute("aria-pressed", String(on));
    frame.hidden = !on;
    update();
    // Leaflet measures its maps again when the window says that it changed
    dispatchEvent(new Event("resize"));
    if (on) slider.focus();
  });
}
