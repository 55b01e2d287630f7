// An area drawn on the map as a parameter of the address: hundred-thousandths of a degree, each corner as its offset from the one before.

const PRECISION = 1e5;

/** The most corners that the portal reads (`portal/desk/drawn_area.py`). */
export const MAX_CORNERS = 64;

/** @param {{lng: number, lat: number}[]} corners */
export function encodeRing(corners) {
  let [east, north] = [0, 0];
  return corners
    .flatMap(({ lng, lat }) => {
      const [x, y] = [Math.round(lng * PRECISION), Math.round(lat * PRECISION)];
      const way = [x - east, y - north];
      [east, north] = [x, y];
      return way;
    })
    .join("_");
}

/** @returns {[number, number][] | null} corners as [lat, lon]; null when the text is no area */
export function decodeRing(text) {
  if (!/^-?\d+(_-?\d+){5,}$/.test(text ?? "")) return null;
  const numbers = text.split("_").map(Number);
  if (numbers.length % 2 || numbers.length > 2 * MAX_CORNERS) return null;
  const corners = [];
  for (let [n, east, north] = [0, 0, 0]; n < numbers.length; n += 2) {
    [east, north] = [east + numbers[n], north + numbers[n + 1]];
    corners.push([north / PRECISION, east / PRECISION]);
  }
  return corners;
}

/** A spot and the metres around it, as `portal/desk/case_selection.py` reads them. */
export const encodeSpot = ({ lng, lat }, metres) => `spot:${Math.round(lng * PRECISION)}:${Math.round(lat * PRECISION)}:${metres}`;

/** The four corners of the box between the first and the last of these; none without two that differ in both directions. */
export function boxCorners(corners) {
  const [first, last] = [corners[0], corners.at(-1)];
  if (!first || first.lat === last.lat || first.lng === last.lng) return [];
  return [first, { lat: first.lat, lng: last.lng }, last, { lat: last.lat, lng: first.lng }];
}
