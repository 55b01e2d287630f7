// Pins and clusters, as SVG text for markers and as strokes on a canvas: one drawing, the same as in the templates.

const PIN_PATH = "M0 0C-3-5-10.5-8.5-10.5-16a10.5 10.5 0 1 1 21 0C10.5-8.5 3-5 0 0Z";
const GLYPHS = {
  new: '<circle r="3.2" fill="#fff"/>',
  review: '<path d="M0-4.2A4.2 4.2 0 0 1 0 4.2Z" fill="#fff"/><circle r="4.2" fill="none" stroke="#fff" stroke-width="1.4"/>',
  fix: '<path d="M-1.1-5h2.2l-.35 6h-1.5zM-1.1 2.4h2.2v2.2h-2.2z" fill="#fff"/>',
  wait: '<path d="M-3-3.6h2v7.2h-2zM1-3.6h2v7.2H1z" fill="#fff"/>',
  ok: '<path d="M-4 .2-1.3 3 4-3" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  no: '<path d="M-3.2-3.2l6.4 6.4M3.2-3.2l-6.4 6.4" stroke="#fff" stroke-width="2" stroke-linecap="round"/>',
};

/** Radius of a cluster of n cases, in pixels. */
export const clusterRadius = (n) => Math.min(28, 15 + 1.9 * Math.sqrt(n));

/**
 * Shares of a ring by status, as dashes: where each begins and how long it is.
 * @param {Record<string, number>} counts
 * @param {string[]} statuses in the order of the ring, as the server names them
 * @param {number} length circumference in pixels
 * @param {number} gap space after each share
 */
export function ringShares(counts, statuses, length, gap = 1.6) {
  const present = statuses.filter((status) => counts[status] > 0);
  const total = present.reduce((sum, status) => sum + counts[status], 0);
  const space = present.length > 1 ? gap : 0;
  let start = 0;
  return present.map((status) => {
    const whole = (length * counts[status]) / total;
    const share = { status, start, length: Math.max(0.5, whole - space) };
    start += whole;
    return share;
  });
}

/** @returns {{html: string, size: number}} a cluster for a divIcon */
export function clusterIcon(counts, statuses) {
  const radius = clusterRadius(counts.n);
  const ring = radius - 4;
  const circumference = 2 * Math.PI * ring;
  const shares = ringShares(counts, statuses, circumference)
    .map(({ status, start, length }) => `<circle r="${ring}" class="cluster__share" data-status="${status}" stroke-dasharray="${length.toFixed(1)} ${(circumference - length).toFixed(1)}" stroke-dashoffset="${(-start).toFixed(1)}" transform="rotate(-90)"/>`)
    .join("");
  const edge = (radius * 0.68).toFixed(1);
  const late = counts.late > 0 ? `<g transform="translate(${edge} -${edge})"><circle r="8.5" class="cluster__late"/><text y="4" class="cluster__late-count">${counts.late > 99 ? "99" : Number(counts.late)}</text></g>` : "";
  const size = 2 * Math.ceil(radius) + 4;
  const half = size / 2;
  const number = counts.n > 9999 ? `${Math.round(counts.n / 1000)}k` : String(Number(counts.n));
  return { size, html: `<svg width="${size}" height="${size}" viewBox="-${half} -${half} ${size} ${size}" aria-hidden="true"><circle r="${radius}" class="cluster__halo"/><circle r="${ring}" class="cluster__disc"/>${shares}<text y="5" class="cluster__count">${number}</text>${late}</svg>` };
}

/** A pin for a divIcon; its tip stands at the middle of the lower edge. */
export function pinIcon(status, { late = false, selected = false } = {}) {
  const scale = selected ? 1.45 : 1;
  const glyph = GLYPHS[status] ?? "";
  const disc = selected ? '<circle cy="-23" r="27" class="pin__selected"/>' : "";
  const ring = late ? '<circle cy="-15" r="15" class="pin__late"/>' : "";
  return `<svg class="pin" data-status="${status}" width="28" height="32" viewBox="-14 -30 28 32" aria-hidden="true">${disc}<g transform="scale(${scale})">${ring}<path d="${PIN_PATH}" class="pin__body"/><g transform="translate(0 -16)">${glyph}</g></g></svg>`;
}

let pinPath;

/** The same pin on a canvas, for views with thousands of them. */
export function paintPin(context, x, y, { status, late, colours }) {
  pinPath ??= new Path2D(PIN_PATH);
  context.save();
  context.translate(x, y);
  if (late) {
    context.beginPath();
    context.arc(0, -15, 15, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = colours.late;
    context.stroke();
  }
  context.fillStyle = colours[status] ?? colours.no;
  context.fill(pinPath);
  context.lineWidth = 1.8;
  context.strokeStyle = "#fff";
  context.stroke(pinPath);
  context.translate(0, -16);
  paintGlyph(context, status);
  context.restore();
}

function paintGlyph(context, status) {
  context.fillStyle = context.strokeStyle = "#fff";
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  if (status === "new") {
    context.arc(0, 0, 3.2, 0, 2 * Math.PI);
    context.fill();
  } else if (status === "review") {
    context.arc(0, 0, 4.2, -Math.PI / 2, Math.PI / 2);
    context.fill();
    context.beginPath();
    context.arc(0, 0, 4.2, 0, 2 * Math.PI);
    context.lineWidth = 1.4;
    context.stroke();
  } else if (status === "fix") {
    context.fillRect(-1.1, -5, 2.2, 6);
    context.fillRect(-1.1, 2.4, 2.2, 2.2);
  } else if (status === "wait") {
    context.fillRect(-3, -3.6, 2, 7.2);
    context.fillRect(1, -3.6, 2, 7.2);
  } else {
    context.lineWidth = 2;
    context.stroke(new Path2D(status === "ok" ? "M-4 .2-1.3 3 4-3" : "M-3.2-3.2l6.4 6.4M3.2-3.2l-6.4 6.4"));
  }
}

/** Status colours as the style sheet has them. */
export function statusColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--status-${name}`).trim();
  return { new: read("new"), review: read("review"), fix: read("fix"), wait: read("fix"), ok: read("ok"), no: read("no"), late: read("late") };
}
