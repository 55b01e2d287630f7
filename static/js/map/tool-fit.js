// The tools of a map stay in one row: where their names do not fit beside each other, their pictures stand alone and keep the names.

const NARROW = "map-controls--pictures";

/** Names and sizes of text differ by reader, so what fits is measured, again whenever the map or the row changes its width. */
export function fitTools(frame, bar) {
  const fit = () => {
    bar.classList.remove(NARROW);
    const margin = bar.getBoundingClientRect().left - frame.getBoundingClientRect().left;
    bar.classList.toggle(NARROW, bar.offsetWidth + 2 * margin > frame.clientWidth);
  };
  const observer = new ResizeObserver(fit);
  for (const part of [frame, bar, document.documentElement]) observer.observe(part);
}
