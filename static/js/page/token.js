// What a request of our own carries, so that no other site can send it in our name.

/** The anti-forgery token of this page, from a form or (staff pages) from the head. */
export function csrfToken() {
  return (
    document.querySelector('input[name="csrf_token"]')?.value ??
    document.querySelector('meta[name="csrf-token"]')?.content ??
    ""
  );
}
