import { expect, test } from 'vitest';
import { Latest } from '../src/state/latest';

test('what was asked before is over when something else is asked, and when the screen goes', () => {
  const latest = new Latest();
  const more = latest.begin();
  const other = latest.begin();
  expect([more.aborted, other.aborted]).toEqual([true, false]);
  latest.end();
  expect(other.aborted).toBe(true);
});
