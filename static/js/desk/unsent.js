// What was written to an applicant or to colleagues and not sent stays while one looks at other cases: in this tab, until it is sent or
// one signs out.

const PREFIX = "unsent:";
const BOXES = "#drawer textarea[id]";

/** The keys of a store that hold unsent words. */
export const unsentKeys = (store) => Object.keys(store).filter((key) => key.startsWith(PREFIX));

/** The tab's store; one that keeps nothing where the browser has none. */
function store() {
  try {
    return sessionStorage;
  } catch {
    return { setItem() {}, getItem: () => null, removeItem() {} };
  }
}

const keyOf = (box) => `${PREFIX}${document.querySelector("#drawer [data-case]")?.dataset.case}:${box.id}`;

function forgetAll() {
  for (const key of unsentKeys(store())) store().removeItem(key);
}

/** Puts words back into the empty boxes of the case that the drawer shows, and says so once. */
function restore() {
  for (const box of document.querySelectorAll(BOXES)) {
    const words = store().getItem(keyOf(box));
    if (!words || box.value) continue;
    box.value = words;
    const said = document.querySelector("#drawer [data-restored]");
    if (said) said.textContent = said.dataset.restored;
  }
}

export function watchUnsent() {
  const drawer = document.getElementById("drawer");
  document.addEventListener("submit", (event) => {
    if (event.target.matches('form[action="/desk/sign-out"]')) forgetAll();
    for (const box of event.target.querySelectorAll("textarea[id]")) if (box.closest("#drawer")) store().removeItem(keyOf(box));
  });
  if (!drawer) {
    if (!document.querySelector('form[action="/desk/sign-out"]')) forgetAll(); // nobody is signed in
    return;
  }
  drawer.addEventListener("input", (event) => {
    if (!event.target.matches(BOXES)) return;
    if (event.target.value.trim()) store().setItem(keyOf(event.target), event.target.value);
    else store().removeItem(keyOf(event.target));
  });
  drawer.addEventListener("htmx:afterSwap", restore);
  restore();
}
