import { describe, expect, test } from 'vitest';
import { actionOf, bindings, keyNames, type Focus, type Place } from '../src/logic/keyboard';

const plain = { ctrlKey: false, altKey: false, metaKey: false, isComposing: false };

function pressed(key: string, places: Place[], focus: Focus = 'none', changes = {}) {
  return actionOf({ ...plain, key, ...changes }, places, focus);
}

describe('a key', () => {
  test.each([
    ['j', ['list'], 'next'],
    ['ArrowDown', ['list'], 'next'],
    ['k', ['list'], 'previous'],
    ['r', ['reader'], 'rotate'],
    ['R', ['reader'], 'rotate_back'],
    ['+', ['reader'], 'zoom_in'],
    ['=', ['reader'], 'zoom_in'],
    ['-', ['reader'], 'zoom_out'],
    ['o', ['reader'], 'original'],
    ['t', ['reader'], 'text'],
    ['b', ['reader'], 'boxes'],
    ['?', ['everywhere'], 'help'],
    ['？', ['everywhere'], 'help'],
    ['/', ['everywhere'], 'focus_search'],
    ['Escape', ['everywhere'], 'back'],
  ] as [string, Place[], string][])('%s in %j is %s', (key, places, action) => {
    expect(pressed(key, places)).toBe(action);
  });
  test('means what the nearest place says', () => {
    expect(pressed('n', ['reader', 'everywhere'])).toBe('next_hit');
    expect(pressed('n', ['search', 'list', 'everywhere'])).toBe('next_person');
    expect(pressed('n', ['list', 'everywhere'])).toBeNull();
  });
  test('that is held goes on through a list, and does nothing else twice', () => {
    expect(pressed('j', ['list'], 'none', { repeat: true })).toBe('next');
    expect(pressed('s', ['items'], 'none', { repeat: true })).toBeNull();
    expect(pressed('n', ['search', 'list'], 'none', { repeat: true })).toBeNull();
    expect(pressed('s', ['items'])).toBe('take_step');
  });
  test('is a letter in a box, but Escape leaves it', () => {
    expect(pressed('j', ['list'], 'text')).toBeNull();
    expect(pressed('/', ['everywhere'], 'text')).toBeNull();
    expect(pressed('Escape', ['everywhere'], 'text')).toBe('back');
  });
  test('that a button or a list needs is left to it', () => {
    expect(pressed('Enter', ['list'], 'control')).toBeNull();
    expect(pressed('ArrowDown', ['list'], 'control')).toBeNull();
    expect(pressed('j', ['list'], 'control')).toBe('next');
  });
  test("of the browser stays the browser's", () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey']) {
      expect(pressed('r', ['reader'], 'none', { [modifier]: true })).toBeNull();
    }
  });
  test('that composes a Chinese word does nothing else', () => {
    expect(pressed('j', ['list'], 'none', { isComposing: true })).toBeNull();
  });
  test('that is a character does nothing once single keys are off', () => {
    expect(actionOf({ ...plain, key: 'j' }, ['list'], 'none', false)).toBeNull();
    expect(actionOf({ ...plain, key: 'ArrowDown' }, ['list'], 'none', false)).toBe('next');
    expect(actionOf({ ...plain, key: 'Escape' }, ['everywhere'], 'none', false)).toBe('back');
  });
});

test('no key has two meanings in one place', () => {
  for (const place of new Set(bindings.map((b) => b.place))) {
    const keys = bindings.filter((b) => b.place === place).flatMap((b) => b.keys);
    expect(new Set(keys).size, place).toBe(keys.length);
  }
});

test('everything can still be told when single keys are off', () => {
  const essential = ['next', 'previous', 'open', 'back'];
  for (const action of essential) {
    const keys = bindings.filter((b) => b.action === action).flatMap((b) => b.keys);
    expect(
      keys.some((key) => key.length > 1),
      action,
    ).toBe(true);
  }
});

test('the help sheet names each key once', () => {
  expect(keyNames(['+', '='])).toEqual(['+']);
  expect(keyNames(['?', '？'])).toEqual(['?']);
  expect(keyNames(['j', 'ArrowRight', 'PageDown'])).toEqual(['j', '→', 'PgDn']);
  for (const binding of bindings) expect(keyNames(binding.keys).length).toBeGreaterThan(0);
});
