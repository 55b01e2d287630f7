// Who goes on from one page of a form to the next starts at its heading, as people expect who read by keyboard or by ear. Faults come first
// (errors.js), and a part of the page that the address names.
const GONE_ON = "gone-on";

export function startAtHeading() {
  document.addEventListener("submit", (event) => {
    if (event.target.id === "step-form" && !event.defaultPrevented) sessionStorage.setItem(GONE_ON, "yes");
  });
  const goneOn = sessionStorage.getItem(GONE_ON);
  sessionStorage.removeItem(GONE_ON);
  if (!goneOn || location.hash || document.querySelector("[data-error-summary]")) return;
  const heading = document.querySelector("main h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
