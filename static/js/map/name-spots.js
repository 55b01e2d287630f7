// Where the name of a feature stands in a tile: within an area or along a line, only where the name fits, so that no name runs over what
// it does not belong to. A feature that lies in several tiles has its name in each part that has room for it.

const EDGE = 2;
/** Pixels that stay free at the edge of a tile, where a name would be cut. */
/** Where names are tried, as shares of the height of an area: its middle first. */
const HEIGHTS = [0.5, 0.35, 0.65, 0.2, 0.8, 0, 1];

/**
 * The middle of a name of so many pixels on a feature (`type`: 2 line, 3 area) in a tile.
 * @param {{type: number, rings: {x: number, y: number}[][]}} feature
 * @returns {{x: number, y: number}|null} nothing where it has no room
 */
export function nameSpot({ type, rings }, width, height, size = 256) {
  return type === 3 ? withinArea(rings, width, height, size) : alongLine(rings, width, height, size);
}

/** The middle of the widest room at one of some heights of the area. */
function withinArea(rings, width, height, size) {
  const ys = rings.flat().map(({ y }) => y);
  const top = Math.max(Math.min(...ys), EDGE) + height / 2;
  const bottom = Math.min(Math.max(...ys), size - EDGE) - height / 2;
  if (bottom < top) return null;
  let widest = null;
  for (const share of HEIGHTS) {
    const y = top + share * (bottom - top);
    for (const [from, to] of common(room(rings, y - height / 2), room(rings, y + height / 2))) {
      const left = Math.max(from, EDGE);
      const free = Math.min(to, size - EDGE) - left;
      if (free >= width && free > (widest?.free ?? 0)) widest = { free, x: left + free / 2, y };
    }
    if (widest) return { x: widest.x, y: widest.y };
  }
  return null;
}

/** From where to where a level line lies within an area, its holes left out. */
function room(rings, y) {
  const crossings = [];
  for (const ring of rings) {
    ring.forEach((from, index) => {
      const to = ring[(index + 1) % ring.length];
      if (from.y > y !== to.y > y) crossings.push(from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x));
    });
  }
  crossings.sort((one, other) => one - other);
  return Array.from({ length: crossings.length >> 1 }, (_, n) => [crossings[2 * n], crossings[2 * n + 1]]);
}

const common = (some, others) =>
  some.flatMap(([from, to]) => others.map(([start, end]) => [Math.max(from, start), Math.min(to, end)])).filter(([from, to]) => to > from);

/** The middle of the longest part of a line that is at least as long as its name. */
function alongLine(rings, width, height, size) {
  const inside = ({ x, y }) => x >= 0 && x <= size && y >= 0 && y <= size;
  let longest = null;
  for (const ring of rings) {
    const steps = ring.slice(1).map((to, index) => ({ from: ring[index], to, length: Math.hypot(to.x - ring[index].x, to.y - ring[index].y) }));
    const length = steps.reduce((sum, step) => sum + step.length, 0);
    if (length < width || length <= (longest?.length ?? 0)) continue;
    let rest = length / 2;
    const step = steps.find((each) => (rest -= each.length) <= 0) ?? steps.at(-1);
    const share = 1 + rest / step.length;
    longest = { length, x: step.from.x + share * (step.to.x - step.from.x), y: step.from.y + share * (step.to.y - step.from.y) };
  }
  if (!longest || !inside(longest)) return null;
  const within = (at, half) => Math.min(Math.max(at, half + EDGE), size - half - EDGE);
  return { x: within(longest.x, width / 2), y: within(longest.y, height / 2) };
}
