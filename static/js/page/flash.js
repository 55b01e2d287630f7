// The live region in which errors of partial requests are read out.

/** Shows a text there. */
export function flash(text) {
  const region = document.getElementById("flash");
  if (!region) return;
  const note = document.createElement("p");
  note.className = "note note--error note--small";
  note.textContent = text;
  region.replaceChildren(note);
}
