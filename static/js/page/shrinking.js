// Pictures of a telephone are larger than an office needs and a weak line likes: they are made smaller before they are uploaded. What comes
// out is upright, and has nothing left of what the camera wrote beside the picture (where it was taken, with which telephone).

/** The longest side, in pixels, of a picture that was made smaller: A4 at 290 dots an inch. */
const LONGEST_SIDE = 3400;
const QUALITY = 0.85;

/** Whether a file is a picture that can be made smaller. PNG is for drawings, which keep every detail. */
export const canShrink = (file) => ["image/jpeg", "image/heic", "image/heif", "image/webp"].includes(file.type);

/** Width and height within the longest side, in the same proportion. */
export function sizeWithin(width, height, longest = LONGEST_SIDE) {
  const factor = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

/** The name of a picture that is a JPEG now: IMG_1.HEIC -> IMG_1.jpg. */
export const jpegName = (name) => (/\.jpe?g$/i.test(name) ? name : `${name.replace(/\.[^.]*$/, "")}.jpg`);

/**
 * The picture made smaller, if it has more bytes than `limit`; else, or where this browser cannot read it, the file as it is.
 * @param {File} file
 * @param {number} limit
 */
export async function shrunk(file, limit) {
  if (file.size <= limit || !canShrink(file)) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = sizeWithin(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    canvas.width = canvas.height = 0; // gives its memory back at once
    return blob && blob.size < file.size ? new File([blob], jpegName(file.name), { type: "image/jpeg" }) : file;
  } catch {
    return file; // no picture, or one that this browser cannot read: the server looks into it
  }
}
