// Places on a page. Everything is in pixels of the picture as it was delivered; y grows downwards.

export type Point = readonly [number, number];

/** Corners in reading order: where the text begins above, ends above, ends below, begins below. */
export type Quad = readonly [Point, Point, Point, Point];

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** x' = a x + c y + e, y' = b x + d y + f: the order that SVG and CSS use. */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

/** The degrees, clockwise, by which to turn a page to read it, and to turn it further by hand. */
export function degreesToShow(rotation: number, turnedByHand = 0): number {
  return (((turnedByHand - rotation) % 360) + 360) % 360;
}

/** Beyond this a page lies askew on purpose, or was measured wrongly. */
const skewMost = 10;

/** What is turned back so that the lines of a page that lies a little askew run level. */
export function levelling(skewDegrees: number): number {
  return Math.abs(skewDegrees) <= skewMost ? -skewDegrees : 0;
}

export function boundsOf(quads: readonly Quad[]): Rect | null {
  const points = quads.flat();
  if (points.length === 0) return null;
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/**
 * A rectangle around `rect` that shows what stands beside it: at least `share` of the page's
 * longer side wide, and never narrower than the rectangle with a margin of half its height.
 */
export function withSurroundings(
  rect: Rect,
  page: { width: number; height: number },
  share = 0.4,
): Rect {
  const margin = Math.min(rect.width, rect.height) / 2;
  const least = share * Math.max(page.width, page.height);
  const width = Math.max(rect.width + 2 * margin, least);
  const height = Math.max(rect.height + 2 * margin, least / 2);
  return {
    x: rect.x + rect.width / 2 - width / 2,
    y: rect.y + rect.height / 2 - height / 2,
    width,
    height,
  };
}

/** The same place, its sides named as they lie on a screen that shows the page so turned. */
export function asTurned(rect: Rect, degrees: number): Rect {
  if (Math.round(degrees / 90) % 2 === 0) return rect;
  return {
    x: rect.x + rect.width / 2 - rect.height / 2,
    y: rect.y + rect.height / 2 - rect.width / 2,
    width: rect.height,
    height: rect.width,
  };
}

/** The map that takes (0,0), (unit,0) and (0,unit) to these three points. */
export function affineThrough(unit: number, origin: Point, right: Point, down: Point): Affine {
  return {
    a: (right[0] - origin[0]) / unit,
    b: (right[1] - origin[1]) / unit,
    c: (down[0] - origin[0]) / unit,
    d: (down[1] - origin[1]) / unit,
    e: origin[0],
    f: origin[1],
  };
}

export function matrixText({ a, b, c, d, e, f }: Affine): string {
  return `matrix(${[a, b, c, d, e, f].map((n) => +n.toFixed(5)).join(',')})`;
}

export function pointsText(quad: Quad): string {
  return quad.map((p) => `${p[0]},${p[1]}`).join(' ');
}

/** A line of text as CSS lays it: where it begins, its length, its height, its direction. */
export interface LineBox {
  x: number;
  y: number;
  length: number;
  height: number;
  degrees: number;
}

export function lineBox(quad: Quad): LineBox {
  const [begin, end, , below] = quad;
  return {
    x: begin[0],
    y: begin[1],
    length: Math.hypot(end[0] - begin[0], end[1] - begin[1]),
    height: Math.hypot(below[0] - begin[0], below[1] - begin[1]),
    degrees: (Math.atan2(end[1] - begin[1], end[0] - begin[0]) * 180) / Math.PI,
  };
}
