// A page that answers a form has an address at which it can be asked for again; coming back to it then sends nothing a second time.
// Only pages say so (`data-kept`) whose server has kept all that was sent.

export function forgetPost() {
  if (document.documentElement.dataset.kept !== undefined) history.replaceState(history.state, "", location.href);
}

/**
 * Back and forward pressed in quick succession can change the address while the page of the first press is still loading, before htmx
 * listens, which it does from when the page is parsed and every script has run: the page of the address is loaded then. Chromium, Firefox
 * and Safari name what a document was loaded from.
 */
export function followTraversal() {
  const withoutHash = (address) => address.split("#", 1)[0];
  document.addEventListener("DOMContentLoaded", () => {
    const [navigation] = performance.getEntriesByType("navigation");
    if (!navigation?.name.startsWith(location.origin) || withoutHash(navigation.name) === withoutHash(location.href)) return;
    location.reload();
  });
}
