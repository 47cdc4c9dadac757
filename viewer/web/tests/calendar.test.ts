import { expect, test } from 'vitest';
import { calendarOf, gapsIn } from '../src/logic/calendar';

const years = calendarOf([
  { year: 2010, months: { '1': [3], '2': [3, 4] }, told: {} },
  { year: 2009, months: { '11': [3] }, told: { '3': 2, '4': 5 } },
]);

test('years rise, months without paper between listed ones are gaps', () => {
  expect(years.map((y) => y.year)).toEqual([2009, 2010]);
  expect(years[0]?.cells.map((c) => c.state).slice(9)).toEqual(['outside', 'listed', 'gap']);
  expect(years[1]?.cells.map((c) => c.state).slice(0, 3)).toEqual(['listed', 'listed', 'outside']);
  expect(gapsIn(years)).toBe(1);
});

test('a month knows the dossiers that list it', () => {
  expect(years[1]?.cells[1]?.dossiers).toEqual([3, 4]);
  expect(years[1]?.listed).toBe(2);
});

test('of several papers the longest period told counts', () => {
  expect(years.map((y) => y.told)).toEqual([5, null]);
});

test('a year of which only a sum is told has no gaps', () => {
  const [only] = calendarOf([{ year: 2001, months: {}, told: { '1': 12 } }]);
  expect(only?.cells.every((cell) => cell.state === 'outside')).toBe(true);
  expect(only?.told).toBe(12);
});

test('nothing told is nothing shown', () => {
  expect(calendarOf([])).toEqual([]);
});
