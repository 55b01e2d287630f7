// Metres as somebody types them.

/** A length or a width as somebody types it, full-width digits too; null for anything that is none. */
export function metresOf(text) {
  const number = Number(text.normalize("NFKC").trim().replace(/\s*m$/i, "").replace(",", "."));
  return text.trim() && number > 0 && number < 10_000 ? number : null;
}
