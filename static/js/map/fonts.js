// The fonts in which canvases of the map write: those of the page, in Japanese shapes, as most of its names are Japanese.
export const FONTS = getComputedStyle(document.documentElement).getPropertyValue("--sans-japanese");
