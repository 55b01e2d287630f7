// What of the shapes of a tile lies under a point, all in pixels of the tile.

const LINE_REACH = 8; // pixels from a line that count as on it

function isInside(rings, { x, y }) {
  let inside = false;
  for (const ring of rings) {
    for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
      const [a, b] = [ring[at], ring[before]];
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
  }
  return inside;
}

function distanceToSegment({ x, y }, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length)) : 0;
  return Math.hypot(x - a.x - share * dx, y - a.y - share * dy);
}

/**
 * Whether a point lies in an area (type 3, even-odd as it is painted) or on a line (type 2).
 * @param {{type: number, rings: {x: number, y: number}[][]}} shape
 */
export function isHit({ type, rings }, point) {
  if (type === 3) return isInside(rings, point);
  return type === 2 && rings.some((line) => line.some((corner, at) => at > 0 && distanceToSegment(point, line[at - 1], corner) <= LINE_REACH));
}
