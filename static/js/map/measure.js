// Lengths and small moves on the ground, near one place. Coordinates are [longitude, latitude] in degrees.

const A = 6378137; // GRS80, metres
const F = 1 / 298.257222101;
const E2 = F * (2 - F);
const RAD = Math.PI / 180;

/** Metres for one degree of longitude and of latitude at a latitude. */
export function metresPerDegree(latitude) {
  const sin = Math.sin(latitude * RAD);
  const w = 1 - E2 * sin * sin;
  return [(RAD * A * Math.cos(latitude * RAD)) / Math.sqrt(w), (RAD * A * (1 - E2)) / (w * Math.sqrt(w))];
}

/** By how much a length in a plane system differs from that on the ellipsoid: 0.9999 on its meridian, 1 some 90 km away. */
export function planeScale([lon, lat], meridian) {
  const sin = Math.sin(lat * RAD);
  const w = 1 - E2 * sin * sin;
  const [east] = metresPerDegree(lat);
  const across = (lon - meridian) * east;
  return 0.9999 * (1 + (across * across * w * w) / (2 * A * A * (1 - E2)));
}

/**
 * Distance in metres; right to the millimetre over the few hundred metres people draw. With the meridian of the city's plane
 * system in that plane, as limits and fees are measured; else on the ellipsoid.
 */
export function distance([lon1, lat1], [lon2, lat2], meridian) {
  const [east, north] = metresPerDegree((lat1 + lat2) / 2);
  const scale = meridian === undefined ? 1 : planeScale([(lon1 + lon2) / 2, (lat1 + lat2) / 2], meridian);
  return scale * Math.hypot((lon2 - lon1) * east, (lat2 - lat1) * north);
}

/** The point so many metres east and north of another. */
export function offset([lon, lat], east, north) {
  const [perLon, perLat] = metresPerDegree(lat);
  return [lon + east / perLon, lat + north / perLat];
}

export const middle = ([lon1, lat1], [lon2, lat2]) => [(lon1 + lon2) / 2, (lat1 + lat2) / 2];

/** The sides of a chain of points: pairs, with the closing one for a polygon of three points or more. */
export function sides(points, closed) {
  const pairs = points.slice(1).map((point, index) => [points[index], point]);
  if (closed && points.length > 2) pairs.push([points.at(-1), points[0]]);
  return pairs;
}

// as many decimals as the server keeps: fewer would add to an area drawn as large as it may be
const round = ([lon, lat]) => [Number(lon.toFixed(11)), Number(lat.toFixed(11))];

/** Drawn points as GeoJSON; null while there are too few. */
export function toGeometry(kind, points) {
  const rounded = points.map(round);
  if (kind === "point") return rounded.length ? { type: "Point", coordinates: rounded[0] } : null;
  if (kind === "line") return rounded.length > 1 ? { type: "LineString", coordinates: rounded } : null;
  return rounded.length > 2 ? { type: "Polygon", coordinates: [[...rounded, rounded[0]]] } : null;
}

/** The points of a GeoJSON geometry, to go on drawing. */
export function fromGeometry(geometry) {
  if (!geometry) return [];
  if (geometry.type === "Point") return [geometry.coordinates];
  if (geometry.type === "LineString") return geometry.coordinates;
  return geometry.type === "Polygon" ? geometry.coordinates[0].slice(0, -1) : [];
}

/** The orientation of a ring on the screen (y downwards), as twice its signed area: positive when it runs clockwise. */
export function orientation(points) {
  return points.reduce((sum, { x, y }, index) => {
    const next = points[(index + 1) % points.length];
    return sum + x * next.y - next.x * y;
  }, 0);
}

/** Degrees on the screen by which a label is rotated to run along the longest side of a shape, readable from the left. */
export function labelAngle(corners) {
  const sides = corners.slice(1).map(({ x, y }, index) => [x - corners[index].x, y - corners[index].y]);
  const [dx, dy] = sides.reduce((longest, side) => (Math.hypot(...side) > Math.hypot(...longest) ? side : longest), [0, 0]);
  return (Math.atan2(dx < 0 ? -dy : dy, Math.abs(dx)) * 180) / Math.PI;
}
