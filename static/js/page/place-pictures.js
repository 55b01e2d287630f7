// A place is shown as a picture of the server (`data-picture`) where the scripts of the maps did not come.

export function watchPlacePictures() {
  window.addEventListener("load", () => {
    if (window.madoguchi?.map) return;
    for (const frame of document.querySelectorAll("[data-map-place][data-picture]")) {
      const label = frame.getAttribute("aria-label");
      frame.replaceWith(Object.assign(new Image(640, 320), { className: "place-picture", alt: label, src: frame.dataset.picture }));
    }
  });
}
