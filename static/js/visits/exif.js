// When and where a photo was taken, as the camera wrote it into the file (EXIF 2.32, 4.6): read before the photo is made smaller, which
// takes it out. Anything that is not as it should be is as if it were not there.

const GPS = 0x8825;
const EXIF = 0x8769;
const ORIGINAL = 0x9003;
const OFFSET = 0x9011;
const SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

/** @param {ArrayBuffer} buffer of a JPEG @returns {{at?: string, lon?: number, lat?: number}} */
export function readExif(buffer) {
  try {
    const view = new DataView(buffer);
    const start = exifAt(view);
    return start === null ? {} : readTiff(view, start);
  } catch {
    return {}; // cut off, or no EXIF: a place in the file that is not there
  }
}

/** Where the TIFF part of a JPEG begins. */
function exifAt(view) {
  if (view.getUint16(0) !== 0xffd8) return null;
  let place = 2;
  while (view.getUint8(place) === 0xff) {
    const marker = view.getUint8(place + 1);
    if (marker === 0xda) return null;
    if (marker === 0xe1 && view.getUint32(place + 4) === 0x45786966) return place + 10;
    place += 2 + view.getUint16(place + 2);
  }
  return null;
}

function readTiff(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const entries = (offset) => {
    const found = new Map();
    const first = start + offset;
    for (let n = 0; n < view.getUint16(first, little); n += 1) {
      const entry = first + 2 + n * 12;
      const type = view.getUint16(entry + 2, little);
      const count = view.getUint32(entry + 4, little);
      const inside = (SIZES[type] ?? 1) * count <= 4;
      found.set(view.getUint16(entry, little), { type, count, at: inside ? entry + 8 : start + view.getUint32(entry + 8, little) });
    }
    return found;
  };
  const number = ({ at }) => view.getUint32(at, little);
  const text = ({ at, count }) => String.fromCharCode(...new Uint8Array(view.buffer, at, count)).replace(/\0.*$/s, "");
  const degrees = ({ at }, negative) => {
    const [whole, minutes, seconds] = [0, 8, 16].map((step) => view.getUint32(at + step, little) / view.getUint32(at + step + 4, little));
    const value = whole + minutes / 60 + seconds / 3600;
    return negative ? -value : value;
  };
  const main = entries(view.getUint32(start + 4, little));
  const result = {};
  if (main.has(EXIF)) {
    const exif = entries(number(main.get(EXIF)));
    const at = exif.has(ORIGINAL) && momentOf(text(exif.get(ORIGINAL)), exif.has(OFFSET) ? text(exif.get(OFFSET)) : "");
    if (at) result.at = at;
  }
  if (main.has(GPS)) {
    const gps = entries(number(main.get(GPS)));
    if ([1, 2, 3, 4].every((tag) => gps.has(tag))) {
      const lat = degrees(gps.get(2), text(gps.get(1)) === "S");
      const lon = degrees(gps.get(4), text(gps.get(3)) === "W");
      if (Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat || lon)) Object.assign(result, { lon, lat });
    }
  }
  return result;
}

/** 2026:12:01 10:20:30 -> a moment; without an offset in the time of Japan, where the visit is. */
function momentOf(text, offset) {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  if (!match) return "";
  const moment = new Date(`${match[1]}-${match[2]}-${match[3]}T${match[4]}${/^[+-]\d\d:\d\d$/.test(offset) ? offset : "+09:00"}`);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}
