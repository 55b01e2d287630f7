// How the schematic base is painted and labelled, as rules of protomaps-leaflet. Colours, the painting order, and the order in which labels
// claim room stand beside its data, where maps on paper read them too.
import { CircleSymbolizer, GroupSymbolizer, CenteredTextSymbolizer, LineLabelPlacement, LineLabelSymbolizer, LineSymbolizer, OffsetTextSymbolizer, PolygonSymbolizer, TextPlacements } from "protomaps-leaflet";
import { FONTS } from "./fonts.js";
import PAINTING from "../../../geo/basemap/painting.json";
import STYLES from "../../../geo/basemap/style.json";

const WIDTH = PAINTING.line_width;
const EQUATOR_M = 40075016.686;
/** The three cities lie on it within half a per mille of scale. */
const LATITUDE = 35.69;

export const BACKGROUND = STYLES.outside.fill;

/** Lines are thinner while the whole city is in view. */
export const lineScale = (zoom) => Math.min(WIDTH.most_scale, Math.max(WIDTH.least_scale, WIDTH.at_from + (zoom - WIDTH.from_zoom) * WIDTH.by_zoom));

const pixelsPerMetre = (zoom) => (256 * 2 ** zoom) / (EQUATOR_M * Math.cos((LATITUDE * Math.PI) / 180));

/** A line is as wide as its style says, or as the street really is when that is more. */
const lineWidth = (style, zoom, feature) => Math.max(WIDTH.least, style.width * lineScale(zoom), (feature.props.width_m ?? 0) * pixelsPerMetre(zoom));

const isShown = (zoom, { props: { min_zoom: from = 0, max_zoom: to = 99 } }) => zoom >= from && zoom <= to;

/** Whether a rule is about a feature with these properties. */
const meant = (rule, props) => (!rule.with || props[rule.with] !== undefined) && (!rule.without || !props[rule.without]) && (!rule.rank || props.rank === rule.rank);

const area = (style) => ({ symbolizer: new PolygonSymbolizer({ fill: style.fill, stroke: style.stroke, width: style.stroke ? style.width : 0 }) });

const casing = (style) => ({ symbolizer: new LineSymbolizer({ color: style.casing, width: (zoom, feature) => lineWidth(style, zoom, feature) + WIDTH.casing, lineCap: "round", lineJoin: "round" }) });

const line = (style) => ({
  symbolizer: new LineSymbolizer({
    color: style.stroke,
    width: (zoom, feature) => lineWidth(style, zoom, feature),
    lineCap: style.dash ? "butt" : "round",
    lineJoin: "round",
    ...(style.dash && { dash: style.dash, dashColor: style.stroke, dashWidth: (zoom, feature) => lineWidth(style, zoom, feature) }),
  }),
});

/** Trees: as many dots as the feature has points, as wide as they stand on the ground. */
const dots = (style) => ({
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
      symbolizer: new PolygonSymbolizer({ fill: BACKGROUND, opacity: PAINTING.outside_opacity, width: 0 }),
    },
    {
      dataLayer: "city-border",
      filter: (zoom, { props }) => !city || props.city === city,
      symbolizer: new LineSymbolizer({ color: key, width: border.width, opacity: border.opacity, dash: border.dash, dashColor: key, dashWidth: border.width }),
    },
  ];
}

const SYMBOLIZERS = { area, casing, line, dots };

/**
 * What is painted, the lowest first.
 * @param {{city?: string, key: string}} options the city that is not faded, and its colour
 */
export function paintRules({ city, key }) {
  const rules = PAINTING.paint.map((rule) => ({
    dataLayer: rule.kind,
    minzoom: rule.min_zoom ?? 0,
    filter: (zoom, feature) => isShown(zoom, feature) && meant(rule, feature.props),
    ...SYMBOLIZERS[rule.as]({ ...STYLES[rule.kind], ...STYLES[rule.kind][rule.style] }),
  }));
  return [...rules, ...boundary(city, key)];
}

const text = ({ kind, size, bold = false, halo = "#ffffff", spacing = 0 }) => ({
  labelProps: ["name"],
  font: `${bold ? 700 : 400} ${size}px ${FONTS}`,
  fill: STYLES[kind].label,
  stroke: halo,
  width: 1.5,
  letterSpacing: spacing,
  maxLineChars: 40,
});

const LABELS = {
  centred: (rule) => new CenteredTextSymbolizer(text(rule)),
  /** A dot with its name beside it, wherever there is room. */
  marked: (rule) =>
    new GroupSymbolizer([
      new CircleSymbolizer(rule.mark),
      new OffsetTextSymbolizer({ ...text(rule), offsetX: 8, offsetY: 4, placements: [TextPlacements.E, TextPlacements.W, TextPlacements.N, TextPlacements.S] }),
    ]),
  along: (rule) => new LineLabelSymbolizer({ ...text(rule), position: LineLabelPlacement.Center, repeatDistance: 400 }),
};

/** What is labelled; the first claims its room first. Names along lines are those of the lines themselves. */
export function labelRules() {
  return PAINTING.labels.map((rule) => ({
    dataLayer: rule.as === "along" ? rule.kind : "label",
    minzoom: rule.min_zoom,
    ...(rule.max_zoom && { maxzoom: rule.max_zoom }),
    ...(rule.as !== "along" && { filter: (zoom, feature) => feature.props.of === rule.kind && isShown(zoom, feature) && meant(rule, feature.props) }),
    symbolizer: LABELS[rule.as](rule),
  }));
}
