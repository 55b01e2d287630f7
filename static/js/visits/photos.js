// Photos of a site visit: made smaller on the phone, with when and where they were taken beside them.
import { formatSize, isAccepted } from "../page/files.js";
import { shrunk } from "../page/shrinking.js";
import { readExif } from "./exif.js";
import { newKey } from "./queue.js";

const HEAD = 256 * 1024; // bytes; the camera writes before the picture

/**
 * A photo as it is kept; a sentence in `problem` when it cannot be.
 * @param {File} file
 * @param {HTMLElement} holder of the question (`data-files`)
 * @param {Record<string, string>} words
 * @param {() => Promise<{lon: number, lat: number} | null>} position of the device
 */
export async function photoOf(file, holder, words, position) {
  const { files: question, accept, maxBytes, shrinkBytes } = holder.dataset;
  if (file.type && !isAccepted(file.name, file.type, accept)) return { problem: words.wrongType.replace("{name}", file.name) };
  const written = readExif(await file.slice(0, HEAD).arrayBuffer());
  const small = await shrunk(file, Number(shrinkBytes));
  if (small.size > Number(maxBytes)) {
    return { problem: words.tooLarge.replace("{name}", file.name).replace("{limit}", formatSize(Number(maxBytes))) };
  }
  const here = written.lon === undefined ? await position() : null;
  return {
    photo: {
      key: newKey(),
      question,
      name: small.name,
      size: small.size,
      blob: small,
      arrived: false,
      at: written.at ?? new Date(file.lastModified || Date.now()).toISOString(),
      lon: written.lon ?? here?.lon,
      lat: written.lat ?? here?.lat,
      source: written.lon !== undefined ? "photo" : here ? "device" : "",
    },
  };
}

/** Where the device is, asked once for a while; null where it does not say. */
export const devicePosition = () =>
  new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
