// The ground that a printed sheet shows.
import { offset, planeScale } from "./measure.js";

/** The corners of a sheet around a place: sides in millimetres at 1:scale, on the ground of the plane system. */
export function sheetCorners([lon, lat], [width, height], scale, meridian) {
  const factor = scale / 2000 / planeScale([lon, lat], meridian);
  const [east, north] = [width * factor, height * factor];
  return [
    [-east, -north],
    [east, -north],
    [east, north],
    [-east, north],
  ].map(([x, y]) => offset([lon, lat], x, y));
}
