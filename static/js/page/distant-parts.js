// Parts of a page far below its top that need a script of their own (`data-needs`): the script comes when somebody comes near them.

/** How far a part is from what is seen when its script is asked for, in pixels. */
const NEAR = "400px";

const loaded = (element) => new Promise((resolve, reject) => Object.assign(element, { onload: resolve, onerror: reject }));

/** Styles first: a map measures its frame as soon as it has its script. */
async function fetchNeeds({ styles, scripts }) {
  const sheets = styles.map((href) => Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  const arrived = Promise.all(sheets.map(loaded));
  document.head.append(...sheets);
  await arrived;
  document.head.append(...scripts.map((src) => Object.assign(document.createElement("script"), { src, async: false })));
}

export function watchDistantParts() {
  const parts = document.querySelectorAll("[data-needs]");
  if (!parts.length) return;
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      fetchNeeds(JSON.parse(target.dataset.needs)).catch(() => {}); // cut off: the page works without the part
    }
  }, { rootMargin: NEAR });
  for (const part of parts) near.observe(part);
}
