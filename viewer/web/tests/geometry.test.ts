import { describe, expect, test } from 'vitest';
import {
  affineThrough,
  asTurned,
  boundsOf,
  degreesToShow,
  lineBox,
  matrixText,
  pointsText,
  withSurroundings,
  type Affine,
  type Point,
  type Quad,
  levelling,
} from '../src/logic/geometry';

const upright: Quad = [
  [10, 20],
  [110, 20],
  [110, 50],
  [10, 50],
];
// The same words on a page that lay turned clockwise by 90 degrees: they run downwards.
const turned: Quad = [
  [110, 20],
  [110, 120],
  [80, 120],
  [80, 20],
];

function applied({ a, b, c, d, e, f }: Affine, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

test.each([
  [0, 0, 0],
  [90, 0, 270],
  [180, 0, 180],
  [270, 0, 90],
  [90, 90, 0],
  [270, -90, 0],
  [0, -90, 270],
  [0, 450, 90],
  [90, -360, 270],
])('paper turned by %i, by hand by %i: shown at %i degrees', (rotation, byHand, degrees) => {
  expect(degreesToShow(rotation, byHand)).toBe(degrees);
});

describe('bounds', () => {
  test('of several places hold them all', () => {
    expect(boundsOf([upright, turned])).toEqual({ x: 10, y: 20, width: 100, height: 100 });
  });
  test('of no place are nothing', () => {
    expect(boundsOf([])).toBeNull();
  });
});

describe('what is shown around a place', () => {
  const page = { width: 1000, height: 2000 };
  test('keeps its middle', () => {
    const seen = withSurroundings({ x: 500, y: 700, width: 100, height: 40 }, page);
    expect(seen.x + seen.width / 2).toBe(550);
    expect(seen.y + seen.height / 2).toBe(720);
  });
  test('is a part of the page wide, however small the place', () => {
    expect(withSurroundings({ x: 0, y: 0, width: 2, height: 2 }, page).width).toBe(800);
  });
  test('is wider than a place that is wider than that', () => {
    const seen = withSurroundings({ x: 0, y: 0, width: 950, height: 40 }, page);
    expect(seen.width).toBe(990);
  });
  test('changes its sides with the page, around the same middle', () => {
    const rect = { x: 100, y: 200, width: 60, height: 20 };
    expect(asTurned(rect, 180)).toEqual(rect);
    expect(asTurned(rect, 90)).toEqual({ x: 120, y: 180, width: 20, height: 60 });
    expect(asTurned(asTurned(rect, 270), 90)).toEqual(rect);
  });
});

describe('a line of text', () => {
  test('that is upright runs to the right', () => {
    expect(lineBox(upright)).toEqual({ x: 10, y: 20, length: 100, height: 30, degrees: 0 });
  });
  test('of a turned page begins at its own first corner and runs down', () => {
    expect(lineBox(turned)).toEqual({ x: 110, y: 20, length: 100, height: 30, degrees: 90 });
  });
  test('upside down runs to the left', () => {
    const line = lineBox([
      [100, 50],
      [0, 50],
      [0, 20],
      [100, 20],
    ]);
    expect(Math.abs(line.degrees)).toBe(180);
    expect(line.height).toBe(30);
  });
  test('askew keeps its length', () => {
    const line = lineBox([
      [0, 0],
      [30, 40],
      [22, 46],
      [-8, 6],
    ]);
    expect(line.length).toBe(50);
    expect(line.height).toBe(10);
    expect(line.degrees).toBeCloseTo(53.13, 2);
  });
});

describe('where boxes are drawn', () => {
  test('a page shown turned by 90 degrees and half as large', () => {
    const map = affineThrough(2000, [700, 10], [700, 1010], [-300, 10]);
    expect(applied(map, [0, 0])).toEqual([700, 10]);
    expect(applied(map, [200, 0])).toEqual([700, 110]);
    expect(applied(map, [0, 200])).toEqual([600, 10]);
  });
  test('are written as CSS and SVG read them', () => {
    expect(matrixText({ a: 0.5, b: 0, c: -0, d: 0.3333333, e: 10, f: -2 })).toBe(
      'matrix(0.5,0,0,0.33333,10,-2)',
    );
    expect(pointsText(upright)).toBe('10,20 110,20 110,50 10,50');
  });
});

describe('levelling', () => {
  test('turns a page back that lies a little askew, and no other', () => {
    expect(levelling(1.5)).toBe(-1.5);
    expect(levelling(-2)).toBe(2);
    expect(levelling(44)).toBe(0);
  });

  test('names sides as they lie on a page that is nearly a quarter turned', () => {
    const rect = { x: 10, y: 20, width: 100, height: 40 };
    expect(asTurned(rect, 91.5)).toEqual(asTurned(rect, 90));
    expect(asTurned(rect, -1.5)).toEqual(rect);
  });
});
