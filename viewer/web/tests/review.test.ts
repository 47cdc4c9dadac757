import { describe, expect, test } from 'vitest';
import {
  alternativeKey,
  benchAction,
  differences,
  isTypedInDigits,
  likeness,
  smallPicture,
  taskAddress,
  taskKey,
  uprightBox,
  type BenchFocus,
} from '../src/logic/review';

const plain = {
  code: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
};
const fresh: BenchFocus = { untouched: true, digits: false, alternatives: 3 };

const pressed = (key: string, focus: Partial<BenchFocus> = {}, changes = {}) =>
  benchAction({ ...plain, key, ...changes }, { ...fresh, ...focus });

describe('a key in the box of the bench', () => {
  test('Enter confirms whatever stands there', () => {
    expect(pressed('Enter')).toEqual({ do: 'confirm' });
    expect(pressed('Enter', { untouched: false })).toEqual({ do: 'confirm' });
  });
  test('that composes a Chinese word confirms nothing', () => {
    expect(pressed('Enter', {}, { isComposing: true })).toBeNull();
    expect(pressed('1', {}, { isComposing: true })).toBeNull();
  });
  test('a number takes an alternative where no digits are written', () => {
    expect(pressed('2')).toEqual({ do: 'pick', which: 1 });
    expect(pressed('4')).toBeNull();
  });
  test('a number is typed where digits are written, or typing has begun', () => {
    expect(pressed('2', { digits: true })).toBeNull();
    expect(pressed('2', { untouched: false })).toBeNull();
  });
  test('Alt and a number takes one everywhere, by the place of the key', () => {
    const alt = { altKey: true, code: 'Digit3' };
    expect(pressed('#', { digits: true, untouched: false }, alt)).toEqual({ do: 'pick', which: 2 });
    expect(pressed('3', { digits: true, alternatives: 2 }, alt)).toBeNull();
    expect(pressed('3', {}, { altKey: true, code: 'Numpad3' })).toEqual({ do: 'pick', which: 2 });
    expect(pressed('a', {}, { altKey: true, code: 'KeyA' })).toBeNull();
  });
  test.each(['*', '＊'])('%s says that it cannot be read, before anything is typed', (key) => {
    expect(pressed(key)).toEqual({ do: 'unreadable' });
    expect(pressed(key, { untouched: false })).toBeNull();
  });
  test.each(['+', '=', '＋'])('%s shows the equal ones', (key) => {
    expect(pressed(key)).toEqual({ do: 'group' });
    expect(pressed(key, { untouched: false })).toBeNull();
  });
  test('Escape undoes, arrows go through the alternatives', () => {
    expect(pressed('Escape')).toEqual({ do: 'undo' });
    expect(pressed('ArrowDown')).toEqual({ do: 'lower' });
    expect(pressed('ArrowUp')).toEqual({ do: 'higher' });
  });
  test("of the browser stays the browser's", () => {
    expect(pressed('Enter', {}, { ctrlKey: true })).toBeNull();
    expect(pressed('*', {}, { metaKey: true })).toBeNull();
    expect(pressed('a')).toBeNull();
  });
});

test('what is written in digits', () => {
  expect(isTypedInDigits('money')).toBe(true);
  expect(isTypedInDigits('name')).toBe(false);
  expect(alternativeKey(0, true)).toBe('Alt 1');
  expect(alternativeKey(2, false)).toBe('3');
});

test.each([
  ['路155号', '路l55号', '路[l]55号'],
  ['100', '1000', '100[0]'],
  ['1000', '100', '100'],
  ['甲', '乙', '[乙]'],
  ['甲', '甲', '甲'],
])('what differs: %s, %s', (value, alternative, marked) => {
  const pieces = differences(value, alternative);
  expect(pieces.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('')).toBe(marked);
});

test('names and addresses of tasks', () => {
  const place = { token: '7-ab', page: 7, field: 'wage', row: 2 };
  expect(taskKey(place)).toBe('7/wage/2');
  expect(taskKey({ ...place, row: null })).toBe('7/wage/-');
  expect(taskAddress(place)).toBe('review/fields/7-ab/wage/2');
  expect(taskAddress({ ...place, field: 'a/b', row: null })).toBe('review/fields/7-ab/a%2Fb/-');
});

describe('likeness', () => {
  const picture = (grey: number[]) => smallPicture(grey.flatMap((g) => [g, g, g, 255]));
  const ink = picture([255, 0, 255, 0, 0, 255]);
  test('of a picture with itself, darker or lighter, is whole', () => {
    expect(likeness(ink, ink)).toBeCloseTo(1);
    expect(likeness(ink, picture([200, 50, 200, 50, 50, 200]))).toBeCloseTo(1);
  });
  test('of another writing is little', () => {
    expect(likeness(ink, picture([0, 255, 0, 255, 255, 0]))).toBe(0);
    expect(likeness(ink, picture([255, 0, 0, 255, 0, 255]))).toBeLessThan(0.5);
  });
  test('of blank paper', () => {
    const blank = picture([255, 255]);
    expect(likeness(blank, blank)).toBe(1);
    expect(likeness(blank, ink)).toBe(0);
    expect(likeness({ grey: [] }, ink)).toBe(0);
  });
});

describe('a box on an upright page', () => {
  const box = [10, 20, 30, 40];
  test.each([
    [0, { left: 0.1, top: 0.1, width: 0.3, height: 0.2 }],
    [90, { left: 0.1, top: 0.6, width: 0.2, height: 0.3 }],
    [180, { left: 0.6, top: 0.7, width: 0.3, height: 0.2 }],
    [270, { left: 0.7, top: 0.1, width: 0.2, height: 0.3 }],
  ])('lying turned by %i', (rotation, wanted) => {
    const found = uprightBox(box, 100, 200, rotation);
    for (const side of ['left', 'top', 'width', 'height'] as const) {
      expect(found[side], side).toBeCloseTo(wanted[side]);
    }
  });
});
