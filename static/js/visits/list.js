// The list of site visits: in the order of the way from here, and chosen ones taken along.
import { takeAlong } from "./connection.js";
import { devicePosition } from "./photos.js";
import { forgetOld, rememberStaff, visits } from "./store.js";

const EARTH = 6_371_000; // m

/** Metres between two places, near enough to say which is nearer. */
export function metresBetween(one, other) {
  const radians = Math.PI / 180;
  const east = (other.lon - one.lon) * radians * Math.cos(((one.lat + other.lat) / 2) * radians);
  const north = (other.lat - one.lat) * radians;
  return Math.hypot(east, north) * EARTH;
}

/** 830 -> 830 m, 12400 -> 12 km. */
export const distanceText = (metres) =>
  metres < 1000 ? `${Math.max(10, Math.round(metres / 10) * 10)} m` : `${metres < 10_000 ? (metres / 1000).toFixed(1) : Math.round(metres / 1000)} km`;

export function watchList() {
  const main = document.querySelector("[data-visits]");
  if (!main) return;
  const staff = Number(main.dataset.visits);
  if (window.indexedDB) rememberStaff(staff).then(() => forgetOld()).catch(() => {});
  const status = main.querySelector("[data-visit-status]");
  const items = () => [...main.querySelectorAll("[data-visit-list] > li")];
  main.querySelector("[data-nearest]")?.addEventListener("click", async () => {
    const here = await devicePosition();
    if (!here) return void (status.textContent = main.dataset.noPosition);
    const away = new Map(items().map((item) => [item, item.dataset.lon ? metresBetween(here, { lon: +item.dataset.lon, lat: +item.dataset.lat }) : Infinity]));
    for (const [item, metres] of [...away].sort(([, one], [, other]) => one - other)) {
      if (Number.isFinite(metres)) item.querySelector("[data-visit-distance]").textContent = main.dataset.distance.replace("{distance}", distanceText(metres));
      item.parentElement.append(item);
    }
  });
  main.querySelector("[data-take]")?.addEventListener("click", async () => {
    const chosen = items().filter((item) => item.querySelector("[data-visit-choice]")?.checked);
    if (!chosen.length) return void (status.textContent = main.dataset.noChoice);
    try {
      await navigator.serviceWorker.register("/desk/visits/worker.js", { scope: "/desk/visits/" });
    } catch {
      return void (status.textContent = main.dataset.unable);
    }
    let taken = 0;
    for (const item of chosen) {
      const visit = await takeAlong(item.dataset.case, item.dataset.stage);
      if (!visit) return void (status.textContent = main.dataset.notTaken.replace("{number}", item.dataset.number));
      await visits.put({ ...visit, keptAt: Date.now() });
      taken += 1;
    }
    status.textContent = main.dataset.taken.replace("{count}", taken);
  });
}
