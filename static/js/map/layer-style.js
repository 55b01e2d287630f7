// How a layer is drawn, as geo/style.py describes it: one colour, or one for each value or range of a property.

/** @returns {string|null|undefined} the colour of a feature's class; null for one that is not drawn, undefined where the style has no classes */
export function classColour(style, properties) {
  if (!style.by) return undefined;
  const value = properties[style.property];
  const match = style.by === "category" ? byValue(style.classes, value) : byRange(style.classes, value);
  return match?.colour ?? style.other ?? null;
}

function byValue(classes, value) {
  if (value === undefined) return undefined;
  const text = String(value);
  return classes.find((each) => each.value === text || (typeof value === "number" && Number(each.value) === value));
}

function byRange(classes, value) {
  if (typeof value !== "number") return undefined;
  return classes.find(({ upper }) => upper === undefined || upper === null || value <= upper);
}
