// What a request of our own carries, so that no other site can send it in our name.

/** The anti-forgery token of this page, from a form or (staff pages) from the head. */
export function csrfToken() {
  return (
    document.querySelector('input[name="csrf_token"]')?.value ??
    document.querySelector('meta[name="csrf-token"]')?.content ??
    ""
  );
}

/** Puts another token into every form of this page. */
export function renewToken(token) {
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
}
