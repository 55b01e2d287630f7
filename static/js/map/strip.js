// A strip along a line: the usual shape of scaffolding or a fence on a footway, long and narrow.
import { distance, metresPerDegree, offset, planeScale } from "./measure.js";

/** The way from one point to another as metres to the east and to the north. */
function way([lon1, lat1], [lon2, lat2]) {
  const [perLon, perLat] = metresPerDegree((lat1 + lat2) / 2);
  return [(lon2 - lon1) * perLon, (lat2 - lat1) * perLat];
}

/**
 * The four corners of a strip: its line, then the other long side.
 * @param {{from: number[], to: number[], width: number, side: 1 | -1}} strip `width` in metres; `side` 1 to the right of the line, -1 to the left
 * @param {number} [meridian] of the plane system in which the city measures
 */
export function stripCorners({ from, to, width, side }, meridian) {
  const [east, north] = way(from, to);
  const length = Math.hypot(east, north);
  const across = (side * width) / (meridian === undefined ? 1 : planeScale(from, meridian));
  const aside = [(north / length) * across, (-east / length) * across];
  return [from, to, offset(to, ...aside), offset(from, ...aside)];
}

/** The same strip with another length; its beginning stays. */
export function withLength(strip, metres, meridian) {
  const factor = metres / distance(strip.from, strip.to, meridian);
  const [east, north] = way(strip.from, strip.to);
  return { ...strip, to: offset(strip.from, east * factor, north * factor) };
}
