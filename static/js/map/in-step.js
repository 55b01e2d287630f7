// Maps of one page that show the same place: where one is moved to, by hand or by keys, the others follow.

const maps = [];

export function inStep(map) {
  maps.push(map);
  map.on("move", () => {
    if (map.following) return;
    for (const other of maps) {
      if (other === map) continue;
      other.following = true;
      other.setView(map.getCenter(), map.getZoom(), { animate: false });
      other.following = false;
    }
  });
}
