// The review bench without its screen: names of tasks, what a key means, which snippets are alike.

import { bindings } from './keyboard';

export interface TaskPlace {
  token: string;
  page: number;
  field: string;
  row: number | null;
}

/** One name for a value, as long as a session lasts. */
export function taskKey(place: TaskPlace): string {
  return `${place.page}/${place.field}/${place.row ?? '-'}`;
}

/** Where a value is asked for, below /api/v1/. */
export function taskAddress(place: TaskPlace): string {
  const parts = [place.token, place.field, String(place.row ?? '-')];
  return `review/fields/${parts.map(encodeURIComponent).join('/')}`;
}

/** Kinds of values that are written in digits: a digit that is typed belongs to the value. */
const inDigits = new Set([
  'id18',
  'credit_code',
  'date',
  'year_month',
  'money',
  'integer',
  'rate',
  'phone',
  'bank_account',
  'page_range',
  'page_stamp',
  'code',
  'text',
  'address',
]);

export function isTypedInDigits(type: string): boolean {
  return inDigits.has(type);
}

export type BenchAction =
  | { do: 'confirm' | 'unreadable' | 'group' | 'undo' | 'lower' | 'higher' }
  | { do: 'pick'; which: number };

export interface BenchPress {
  key: string;
  code: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
}

export interface BenchFocus {
  /** Nothing was typed yet: what is typed next replaces the value. */
  untouched: boolean;
  /** Values of this kind are written in digits. */
  digits: boolean;
  alternatives: number;
}

const acts = new Map(
  bindings
    .filter((binding) => binding.place === 'review')
    .flatMap((binding) => binding.keys.map((key) => [key, binding.action] as const)),
);

/**
 * What a key does in the box of the bench; null: it is typed. Alt and a number take the alternative
 * of that number; so does the number alone where values are not written in digits.
 */
export function benchAction(press: BenchPress, focus: BenchFocus): BenchAction | null {
  if (press.isComposing || press.ctrlKey || press.metaKey) return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  if (press.altKey) {
    if (!digit || Number(digit) > focus.alternatives) return null;
    return { do: 'pick', which: Number(digit) - 1 };
  }
  if (focus.untouched && !focus.digits && /^[1-9]$/.test(press.key)) {
    if (Number(press.key) <= focus.alternatives) return { do: 'pick', which: Number(press.key) - 1 };
  }
  switch (acts.get(press.key)) {
    case 'confirm':
      return press.shiftKey ? null : { do: 'confirm' };
    case 'undo':
      return { do: 'undo' };
    case 'next_alternative':
      return { do: 'lower' };
    case 'previous_alternative':
      return { do: 'higher' };
    case 'unreadable':
      return focus.untouched ? { do: 'unreadable' } : null;
    case 'group':
      return focus.untouched ? { do: 'group' } : null;
    default:
      return null;
  }
}

/** How an alternative is called on the screen. */
export function alternativeKey(which: number, digits: boolean): string {
  return digits ? `Alt ${which + 1}` : String(which + 1);
}

/** The alternative in pieces, each with whether it is otherwise than what stands there. */
export function differences(
  value: string,
  alternative: string,
): { text: string; differs: boolean }[] {
  const one = [...value];
  const other = [...alternative];
  let head = 0;
  while (head < one.length && head < other.length && one[head] === other[head]) head++;
  let tail = 0;
  const most = Math.min(one.length, other.length) - head;
  while (tail < most && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
  const end = other.length - tail;
  return [
    { text: other.slice(0, head).join(''), differs: false },
    { text: other.slice(head, end).join(''), differs: true },
    { text: other.slice(end).join(''), differs: false },
  ].filter((piece) => piece.text !== '');
}

/** Grey levels of a picture at one small size, for comparing. */
export interface SmallPicture {
  grey: readonly number[];
}

export const smallWidth = 96;
export const smallHeight = 24;

/** Of the pixels of a canvas (red, green, blue, alpha). */
export function smallPicture(rgba: ArrayLike<number>): SmallPicture {
  const grey: number[] = [];
  for (let i = 0; i + 3 < rgba.length; i += 4) {
    grey.push(0.299 * rgba[i]! + 0.587 * rgba[i + 1]! + 0.114 * rgba[i + 2]!);
  }
  return { grey };
}

/** How alike two snippets look, 0 to 1: the correlation of their ink. */
export function likeness(one: SmallPicture, other: SmallPicture): number {
  const count = Math.min(one.grey.length, other.grey.length);
  if (count === 0) return 0;
  const mean = (picture: SmallPicture) =>
    picture.grey.slice(0, count).reduce((sum, grey) => sum + grey, 0) / count;
  const [a, b] = [mean(one), mean(other)];
  let together = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < count; i++) {
    const x = one.grey[i]! - a;
    const y = other.grey[i]! - b;
    together += x * y;
    first += x * x;
    second += y * y;
  }
  if (first === 0 || second === 0) return first === second ? 1 : 0;
  return Math.max(0, together / Math.sqrt(first * second));
}

/** Snippets that look less like the first are not confirmed with it unless somebody says so. */
export const alikeLeast = 0.4;

/** Where a box lies on a page that is shown upright, in parts of the picture's sides. */
export function uprightBox(
  box: readonly number[],
  width: number,
  height: number,
  rotation: number,
): { left: number; top: number; width: number; height: number } {
  const [x = 0, y = 0, w = 0, h = 0] = box;
  const [left, top, right, bottom] = [x / width, y / height, (x + w) / width, (y + h) / height];
  switch (rotation) {
    case 90:
      return { left: top, top: 1 - right, width: bottom - top, height: right - left };
    case 180:
      return { left: 1 - right, top: 1 - bottom, width: right - left, height: bottom - top };
    case 270:
      return { left: 1 - bottom, top: left, width: bottom - top, height: right - left };
    default:
      return { left, top, width: right - left, height: bottom - top };
  }
}
