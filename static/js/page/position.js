// Where somebody is, asked of the device when they press the button and never before. It goes to the server in the body of the form.

const OPTIONS = { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 };
const REFUSED = 1;

export function watchPosition() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-here]");
    if (!button) return;
    const form = document.getElementById(button.getAttribute("form"));
    const status = document.querySelector("[data-here-status]");
    const say = (text) => (status.textContent = text);
    if (!navigator.geolocation) return say(status.dataset.unavailable);
    say(status.dataset.waiting);
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = coords.longitude.toFixed(6);
        form.elements.lat.value = coords.latitude.toFixed(6);
        form.elements.origin.value = "here";
        form.requestSubmit();
      },
      ({ code }) => {
        button.disabled = false;
        say(code === REFUSED ? status.dataset.refused : status.dataset.unavailable);
      },
      OPTIONS,
    );
  });
}
