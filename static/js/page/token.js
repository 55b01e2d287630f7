// What a request of our own carries, so that no other site can send it in our name.

/** The anti-forgery token of this page, from a form or (staff pages) from the head. */
export function csrfToken() {
  return (
    document.querySelector('input[name="csrf_token"]')?.value ??
    document.querySelector('meta[name="csrf-token"]')?.content ??
    ""
  );
}

/** Puts the token that an answer brings into every form of this page: its visit had ended, and it belongs to a new one. */
export function renewToken(token) {
  if (!token) return;
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
  const meta = document.querySelector('meta[name="csrf-token"]');
  if (meta) meta.content = token;
}

/** The header with which an answer brings one. */
export const NEW_TOKEN = "X-CSRF-Token";
