// The place where refusals and troubles of partial requests are read out.

/** Puts a sentence there. */
export function flash(sentence) {
  const place = document.getElementById("flash");
  if (!place) return;
  const note = document.createElement("p");
  note.className = "note note--error note--small";
  note.textContent = sentence;
  place.replaceChildren(note);
}
