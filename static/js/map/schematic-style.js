// How the schematic base is painted and labelled, as rules of protomaps-leaflet. Colours and widths stand beside its data; what depends on
// zoom, the painting order and the order in which labels claim room are here.
import { CircleSymbolizer, GroupSymbolizer, CenteredTextSymbolizer, LineLabelPlacement, LineLabelSymbolizer, LineSymbolizer, OffsetTextSymbolizer, PolygonSymbolizer, TextPlacements } from "protomaps-leaflet";
import STYLES from "../../../geo/basemap/style.json";

const MIN_LINE_WIDTH = 0.6;
const OUTSIDE_OPACITY = 0.62;
const CASING = 2;
const EQUATOR_M = 40075016.686;
/** The three cities lie on it within half a per mille of scale. */
const LATITUDE = 35.69;
const FONTS = '"Noto Sans JP Variable", "Noto Sans JP", "Noto Sans CJK JP", sans-serif';

export const BACKGROUND = STYLES.outside.fill;

/** Lines are thinner while the whole city is in view. */
export const lineScale = (zoom) => Math.min(1.3, Math.max(0.5, 0.5 + (zoom - 11) * 0.15));

const pixelsPerMetre = (zoom) => (256 * 2 ** zoom) / (EQUATOR_M * Math.cos((LATITUDE * Math.PI) / 180));

/** A line is as wide as its style says, or as the street really is when that is more. */
const lineWidth = (style, zoom, feature) => Math.max(MIN_LINE_WIDTH, style.width * lineScale(zoom), (feature.props.width_m ?? 0) * pixelsPerMetre(zoom));

const isShown = (zoom, { props: { min_zoom: from = 0, max_zoom: to = 99 } }) => zoom >= from && zoom <= to;

const area = (kind, style = STYLES[kind], filter = isShown) => ({
  dataLayer: kind,
  filter,
  symbolizer: new PolygonSymbolizer({ fill: style.fill, stroke: style.stroke, width: style.stroke ? style.width : 0 }),
});

const casing = (kind, style = STYLES[kind], minzoom = 0) => ({
  dataLayer: kind,
  minzoom,
  filter: isShown,
  symbolizer: new LineSymbolizer({ color: style.casing, width: (zoom, feature) => lineWidth(style, zoom, feature) + CASING, lineCap: "round", lineJoin: "round" }),
});

const line = (kind, style = STYLES[kind]) => ({
  dataLayer: kind,
  filter: isShown,
  symbolizer: new LineSymbolizer({
    color: style.stroke,
    width: (zoom, feature) => lineWidth(style, zoom, feature),
    lineCap: style.dash ? "butt" : "round",
    lineJoin: "round",
    ...(style.dash && { dash: style.dash, dashColor: style.stroke, dashWidth: (zoom, feature) => lineWidth(style, zoom, feature) }),
  }),
});

/** Trees: as many dots as the feature has points, as wide as they stand on the ground. */
const dots = (kind, style = STYLES[kind]) => ({
  dataLayer: kind,
  filter: isShown,
  symbolizer: {
    draw(context, points, zoom) {
      context.fillStyle = style.fill;
      context.globalAlpha = 1;
      for (const { x, y } of points.flat()) {
        context.beginPath();
        context.arc(x, y, Math.max(2, style.radius_m * pixelsPerMetre(zoom)), 0, 2 * Math.PI);
        context.fill();
      }
    },
  },
});

/** Other cities are faded; the city's own boundary is dashed in its key colour. */
function boundary(city, key) {
  const border = STYLES.city.border;
  return [
    {
      dataLayer: "city",
      filter: (zoom, { props }) => Boolean(city) && props.city !== city,
      symbolizer: new PolygonSymbolizer({ fill: BACKGROUND, opacity: OUTSIDE_OPACITY, width: 0 }),
    },
    {
      dataLayer: "city-border",
      filter: (zoom, { props }) => !city || props.city === city,
      symbolizer: new LineSymbolizer({ color: key, width: border.width, opacity: border.opacity, dash: border.dash, dashColor: key, dashWidth: border.width }),
    },
  ];
}

/**
 * What is painted, the lowest first.
 * @param {{city?: string, key: string}} options the city that is not faded, and its colour
 */
export function paintRules({ city, key }) {
  const building = STYLES.building;
  return [
    ...["city", "field", "park", "civic", "bank", "river"].map((kind) => area(kind)),
    line("canal"),
    casing("street", STYLES.street, 16),
    line("street"),
    area("house"),
    area("lot"),
    line("lot-line"),
    area("sidewalk"),
    area("carriageway"),
    // the parks of drawn sites lie within their blocks
    area("park", STYLES.park, (zoom, feature) => isShown(zoom, feature) && feature.props.city !== undefined),
    line("lane"),
    area("zebra"),
    // all rims before all roads, so that crossings stay open
    casing("road-minor"),
    casing("road-major"),
    line("road-minor"),
    line("road-major"),
    casing("rail"),
    line("rail"),
    line("monorail"),
    area("building", building, (zoom, feature) => isShown(zoom, feature) && !feature.props.site),
    area("building", { ...building, ...building.site }, (zoom, feature) => isShown(zoom, feature) && feature.props.site),
    dots("tree"),
    ...boundary(city, key),
  ];
}

const text = (kind, px, { bold = false, halo = "#ffffff", spacing = 0 } = {}) => ({
  labelProps: ["name"],
  font: `${bold ? 700 : 400} ${px}px ${FONTS}`,
  fill: STYLES[kind].label,
  stroke: halo,
  width: 1.5,
  letterSpacing: spacing,
  maxLineChars: 40,
});

const named = (kind, more = () => true) => (zoom, feature) => feature.props.of === kind && isShown(zoom, feature) && more(feature.props);

const centred = (kind, minzoom, px, { more, ...look } = {}) => ({
  dataLayer: "label",
  minzoom,
  filter: named(kind, more),
  symbolizer: new CenteredTextSymbolizer(text(kind, px, look)),
});

/** A dot with its name beside it, wherever there is room. */
const marked = (kind, minzoom, px, mark, look) => ({
  dataLayer: "label",
  minzoom,
  filter: named(kind),
  symbolizer: new GroupSymbolizer([
    new CircleSymbolizer(mark),
    new OffsetTextSymbolizer({ ...text(kind, px, look), offsetX: 8, offsetY: 4, placements: [TextPlacements.E, TextPlacements.W, TextPlacements.N, TextPlacements.S] }),
  ]),
});

const along = (kind, minzoom, px, look) => ({
  dataLayer: kind,
  minzoom,
  symbolizer: new LineLabelSymbolizer({ ...text(kind, px, look), position: LineLabelPlacement.Center, repeatDistance: 400 }),
});

/** What is labelled; the first claims its room first. */
export function labelRules() {
  const rank = (value) => ({ more: (props) => props.rank === value });
  return [
    marked("station", 12, 13, { radius: 4, fill: "#ffffff", stroke: "#4a4742", width: 2 }, { bold: true }),
    { ...centred("town-label", 9, 15, { bold: true, spacing: 1, ...rank(1) }), maxzoom: 13 },
    // nearer, the 丁目 of a town are named
    { ...centred("town-label", 12, 13, { spacing: 1, ...rank(2) }), maxzoom: 14 },
    centred("park", 12, 12.5, { halo: "#e4f1de" }),
    centred("river", 11, 13, { halo: "#d5eaf6", spacing: 4 }),
    marked("facility", 14, 12, { radius: 3, fill: STYLES.facility.fill, width: 0 }),
    centred("civic", 14, 12),
    centred("building", 17, 12.5, { bold: true, more: (props) => props.site }),
    centred("building", 17, 12.5, { more: (props) => !props.site }),
    centred("town-label", 15, 12, rank(3)),
    along("road-major", 14, 12),
    along("road-minor", 17, 11),
    along("canal", 14, 12, { halo: "#d5eaf6" }),
  ];
}
