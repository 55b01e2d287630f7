// The custom events by which modules speak that do not import each other. All of them reach `document`. `tests/house` holds this list to
// the modules: each constant has its one sender and at least one listener.

/** A case is to be opened. `detail`: `{ caseId: string }`. Sent by `map/cases.js`; heard by `desk/case-list.js`. */
export const CASE_OPEN = "case:open";

/**
 * A row of the list was selected. `detail`: `{ caseId, lon, lat, status, late }`; `lon` and `lat` are 0 for a case without a place.
 * Sent by `desk/case-list.js`; heard by `map/cases.js`, `map/compare.js`.
 */
export const CASE_SELECTED = "case:selected";

/**
 * The drawer shows a case, or none any more. `detail`: `caseId`, null for none; `extent`, "west,south,east,north" of its places, missing
 * for a case without any. Sent by `desk/drawer.js`; heard by `map/address.js`, `map/case-place.js`.
 */
export const CASE_SHOWN = "case:shown";

/**
 * The large map is to show a case together with the permits in its way. `detail`: a GeoJSON FeatureCollection whose features carry a
 * `role`. Sent by `desk/drawer.js`; heard by `map/compare.js`.
 */
export const CASE_COMPARE = "case:compare";

/**
 * The list shows another filter. `detail`: `query`, as the map's tiles take it; `listQuery`, as the list's address has it; `from`, who
 * changed it ("period", "map" or ""). Sent by `desk/filters.js`; heard by `desk/period.js`, `map/address.js`,
 * `map/case-cards.js`, `map/cases.js`, `map/density.js`, `map/ground.js`, `map/lasso.js`.
 */
export const CASES_FILTERED = "cases:filtered";

/** The map came to rest elsewhere. `detail`: `{ bbox: "west,south,east,north" }`. Sent by `map/view.js`; heard by `desk/filters.js`. */
export const MAP_MOVED = "map:moved";

/** Cases were selected on the map. `detail`: `{ area: string }` or `{ near: string }`, see `map/ring.js`. Sent by `map/lasso.js`; heard by `desk/filters.js`. */
export const MAP_AREA_DRAWN = "map:area-drawn";

/**
 * Cases are to be shown in another way. `detail`: `{ display }`, `density` or null for each by itself. Sent by `map/density.js`; heard by
 * `desk/filters.js`.
 */
export const MAP_DISPLAY_CHOSEN = "map:display-chosen";

/** Every file that was chosen is uploaded or rejected. No detail. Sent by `page/files.js`; heard by `page/files.js`. */
export const FILES_SETTLED = "files:settled";

/** A row was added to a group; its target is the row. No detail. Sent by `page/groups.js`; heard by `page/requests.js`. */
export const ROW_ADDED = "row:added";

/** A layer is to be drawn in another style. Detail: `key`, `style` (geo/style.py). Sent by `desk/layer-style.js`; heard by `map/overlays.js`. */
export const LAYER_STYLED = "layer:styled";
