// A page that answers a form has an address at which it can be asked for again; coming back to it then sends nothing a second time.
// Only pages say so (`data-kept`) whose server has kept all that was sent.

export function forgetPost() {
  if (document.documentElement.dataset.kept !== undefined) history.replaceState(history.state, "", location.href);
}
