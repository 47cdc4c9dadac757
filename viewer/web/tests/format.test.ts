import { describe, expect, test } from 'vitest';
import { officeNow, setClock, today, yearsOn } from '../src/logic/clock';
import { formatInstant, formatMinutes, formatNumber, formatRetention } from '../src/logic/format';
import { isMasked, isReason } from '../src/logic/mask';
import { minutesLeft, ratePerMinute, shares, withSample } from '../src/logic/progress';

describe('words for values', () => {
  test.each([
    ['Y', '永久', 'permanent'],
    ['D100', '100年', '100 years'],
    ['INHERIT', '随卷', 'as the dossier'],
    ['HOLD', '待定', 'not decided'],
    ['X9', 'X9', 'X9'],
  ])('retention %s', (period, zh, en) => {
    expect(formatRetention(period, 'zh')).toBe(zh);
    expect(formatRetention(period, 'en')).toBe(en);
  });
  test('numbers are grouped', () => {
    expect(formatNumber(1234567, 'zh')).toBe('1,234,567');
  });
  test.each([
    [0.2, '1分钟', '1 min'],
    [61, '1小时1分', '1 h 1 min'],
  ])('%d minutes', (m, zh, en) => {
    expect(formatMinutes(m, 'zh')).toBe(zh);
    expect(formatMinutes(m, 'en')).toBe(en);
  });
  test('an instant that is none is shown as it is', () => {
    expect(formatInstant('soon', 'en')).toBe('soon');
    expect(formatInstant(null, 'en')).toBe('');
    expect(formatInstant('2026-11-27T11:18:38.203+00:00', 'zh')).toMatch(/^2026.11.2[78]/);
  });
});

describe('masks', () => {
  test.each([
    ['4398**********0051', true],
    ['****', true],
    ['5*', false],
    ['M*N', false],
    ['', false],
  ])('%s: %s', (text, masked) => {
    expect(isMasked(text)).toBe(masked);
  });
  test.each([
    ['', false],
    ['   核  ', false],
    ['核对号码', true],
    ['a'.repeat(200), true],
    ['a'.repeat(201), false],
  ])('a reason %j: %s', (text, good) => {
    expect(isReason(text)).toBe(good);
  });
});

describe('progress of a batch', () => {
  test('is not told from a moment', () => {
    expect(ratePerMinute([{ at: 0, done: 5 }])).toBeNull();
    expect(
      ratePerMinute([
        { at: 0, done: 5 },
        { at: 1000, done: 9 },
      ]),
    ).toBeNull();
  });
  test('is pages a minute', () => {
    expect(
      ratePerMinute([
        { at: 0, done: 5 },
        { at: 30_000, done: 17 },
      ]),
    ).toBe(24);
  });
  test('forgets what is old', () => {
    const samples = withSample(
      [
        { at: 0, done: 0 },
        { at: 200_000, done: 9 },
      ],
      { at: 400_000, done: 10 },
    );
    expect(samples.map((s) => s.at)).toEqual([200_000, 400_000]);
  });
  test('tells the time left only while it moves', () => {
    expect(minutesLeft(40, 100, 20)).toBe(3);
    expect(minutesLeft(40, 100, 0)).toBeNull();
    expect(minutesLeft(100, 100, 20)).toBeNull();
    expect(minutesLeft(40, 100, null)).toBeNull();
  });
  test('never fills more than the bar', () => {
    expect(shares(90, 10, 50)).toEqual([90, 10]);
    expect(shares(0, 0, 0)).toEqual([0, 0]);
    expect(shares(50, 25, 100)).toEqual([50, 25]);
  });
});

describe('the office has one clock', () => {
  test('an instant reads as it was written, in whatever zone the browser is', () => {
    expect(formatInstant('2026-11-28T00:05:38.203+08:00', 'zh')).toMatch(/2026.11.28.*00:05/);
    expect(formatInstant('2026-11-28T00:05:38.203+08:00', 'en')).toMatch(/28.11.2026.*00:05/);
    expect(formatInstant('2026-11-27T16:05:38Z', 'zh')).toMatch(/2026.11.27.*16:05/);
  });
  test('and its day is the day there', () => {
    const here = Date.parse('2026-11-27T16:30:00Z');
    setClock('2026-11-28T00:30:10.000+08:00', here);
    expect(today(here)).toBe('2026-11-28');
    expect(officeNow(here)).toBe('2026-11-28T00:30:10.000+08:00');
    setClock('2026-11-27T11:00:00.000-05:30', here);
    expect(officeNow(here)).toBe('2026-11-27T11:00:00.000-05:30');
    setClock('soon', here);
    expect(today(here)).toBe('2026-11-27');
  });
  test('and years end on days that there are', () => {
    expect(yearsOn('2028-02-29', 1)).toBe('2029-02-28');
    expect(yearsOn('2028-02-29', 4)).toBe('2032-02-29');
    expect(yearsOn('2026-11-28', 5)).toBe('2031-11-28');
  });
});
