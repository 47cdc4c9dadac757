import { describe, expect, test } from 'vitest';
import type { Field, Finding, Hit, Page } from '../src/api/types';
import type { Quad } from '../src/logic/geometry';
import { boxesOf, fieldGroups, findingQuads } from '../src/reader/boxes';

const quad: Quad = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

function field(name: string, more: Partial<Field> = {}): Field {
  return {
    field: name,
    row: null,
    raw: '1',
    value: '1',
    confidence: 1,
    validity: 'valid',
    problem: '',
    unsure: false,
    handwritten: false,
    by_person: false,
    withheld: false,
    quad,
    ...more,
  };
}

const page = {
  page: 4,
  fields: [
    field('name'),
    field('id_number', { validity: 'invalid' }),
    field('gone', { quad: null }),
  ],
  seals: [{ quad, colour: 'red', shape: 'round', text: '社保局' }],
} as Page;
const finding = {
  places: [
    { page: 4, quad },
    { page: 5, quad },
    { page: 4, quad: null },
  ],
} as Finding;
const hit = { boxes: [quad, quad] } as unknown as Hit;
const nameOf = (name: string) => `<${name}>`;

describe('boxes of a page', () => {
  test('are drawn for fields with a place, doubtful ones otherwise', () => {
    const boxes = boxesOf({ page, hit: null, finding: null, boxes: true, nameOf });
    expect(boxes.map((box) => [box.kind, box.title])).toEqual([
      ['seal', '社保局'],
      ['field', '<name>'],
      ['unsure', '<id_number>'],
    ]);
  });
  test('show hits and findings even when fields are hidden', () => {
    const boxes = boxesOf({ page, hit, finding, boxes: false, nameOf });
    expect(boxes.map((box) => box.kind)).toEqual(['hit', 'hit', 'finding']);
  });
  test('show hits before the page itself has come', () => {
    expect(boxesOf({ page: null, hit, finding: null, boxes: true, nameOf })).toHaveLength(2);
  });
  test('have names of their own', () => {
    const ids = boxesOf({ page, hit, finding, boxes: true, nameOf }).map((box) => box.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('a finding points to places of this page only', () => {
  expect(findingQuads(finding, 4)).toEqual([quad]);
  expect(findingQuads(finding, 6)).toEqual([]);
  expect(findingQuads(null, 4)).toEqual([]);
});

test('rows of tables follow the fields that stand alone, from above', () => {
  const groups = fieldGroups([
    field('b', { row: 1 }),
    field('a'),
    field('b', { row: 0 }),
    field('c', { row: 1 }),
  ]);
  expect(groups.map((g) => [g.row, g.fields.map((f) => f.field.field)])).toEqual([
    [null, ['a']],
    [0, ['b']],
    [1, ['b', 'c']],
  ]);
  const keys = groups.flatMap((g) => g.fields.map((f) => f.key));
  expect(new Set(keys).size).toBe(4);
});

test('a page whose fields all stand in a table has no empty group', () => {
  expect(fieldGroups([field('b', { row: 0 })]).map((g) => g.row)).toEqual([0]);
});
