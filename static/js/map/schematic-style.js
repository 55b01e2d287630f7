// How the schematic base looks. Colours and widths stand beside its data; what depends on zoom and the order of labels is here.
import styles from "../../../geo/basemap/style.json";

/** Fills and lines by kind of feature. */
export const STYLES = styles;

/** Lines are thinner while the whole city is in view. */
export const lineScale = (zoom) => Math.min(1.3, Math.max(0.5, 0.5 + (zoom - 11) * 0.15));

const sizeFrom = (minZoom, px) => (feature, zoom) => (zoom >= minZoom ? px : 0);

function townSize({ rank = 3 }, zoom) {
  if (rank === 1) return zoom < 14 ? 15 : 0;
  return rank === 2 ? sizeFrom(12, 13)(null, zoom) : sizeFrom(14, 12)(null, zoom);
}

/** Labels by kind of feature: in which order they claim room, and their size (0: not at this zoom). */
export const LABELS = {
  station: { order: 1, size: sizeFrom(12, 13), mark: "station", align: "left" },
  "town-label": { order: 2, size: townSize, spacing: "1.2px" },
  park: { order: 3, size: sizeFrom(12, 12.5), halo: "#e4f1de" },
  river: { order: 4, size: sizeFrom(11, 13), halo: "#d5eaf6", spacing: "4px" },
  facility: { order: 5, size: sizeFrom(14, 12), mark: "dot", align: "left" },
  civic: { order: 6, size: sizeFrom(14, 12) },
  building: { order: 7, size: sizeFrom(17, 12.5) },
  "road-label": { order: 8, size: sizeFrom(14, 12) },
  canal: { order: 9, size: sizeFrom(14, 12), halo: "#d5eaf6" },
};
