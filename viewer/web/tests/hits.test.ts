import { describe, expect, test } from 'vitest';
import type { Hit } from '../src/api/types';
import { facet, groupsOf, inShownOrder, joined, namesOf, stepped } from '../src/logic/hits';
import { snippetParts } from '../src/logic/snippet';

const person = (number: number, name: string) => ({ number, name, id_number: '' });

function hit(page: number, dossier: number, more: Partial<Hit> = {}): Hit {
  return {
    page,
    dossier,
    token: `t${page}`,
    dossier_no: `D-${dossier}`,
    item: 1,
    doc_type: 'DT10',
    title: '',
    persons: [],
    snippet: '',
    hit: 'words',
    boxes: [],
    width: 1,
    height: 1,
    rotation: 0,
    place: '',
    ...more,
  };
}

describe('groups of hits', () => {
  const hits = [
    hit(1, 7, { persons: [person(4, '汤君英')] }),
    hit(2, 5, { place: '1-3-12' }),
    hit(3, 7, { persons: [person(4, '汤君英'), person(9, '文霞')], place: '2-1' }),
  ];
  test('stand in the order of their best hit', () => {
    expect(groupsOf(hits).map((g) => [g.dossier, g.hits.map((h) => h.page)])).toEqual([
      [7, [1, 3]],
      [5, [2]],
    ]);
  });
  test('name each person once and know the shelf from any hit', () => {
    const [first] = groupsOf(hits);
    expect(first?.persons).toEqual(['汤君英', '文霞']);
    expect(first?.place).toBe('2-1');
  });
  test('lose no hit, and keys walk through them as they are shown', () => {
    expect(inShownOrder(hits).map((h) => h.page)).toEqual([1, 3, 2]);
  });
});

test('a person with a number and without is one name', () => {
  expect(namesOf([person(1, '文霞'), person(2, '文霞'), person(3, ''), person(4, '马燕')])).toEqual(
    ['文霞', '马燕'],
  );
});

test('parts of a list that moved meanwhile are joined without repeats', () => {
  expect(joined([1, 2, 3], [3, 4], (n) => n)).toEqual([1, 2, 3, 4]);
  expect(joined([], [3, 4], (n) => n)).toEqual([3, 4]);
});

test('facets count values, the most frequent first, and skip what is empty', () => {
  const hits = [hit(1, 1), hit(2, 1), hit(3, 1, { doc_type: 'DT01' }), hit(4, 1, { doc_type: '' })];
  expect(
    facet(
      hits,
      (h) => h.doc_type,
      (h) => (h.doc_type === 'DT10' ? '权益单' : ''),
    ),
  ).toEqual([
    { value: 'DT10', label: '权益单', count: 2 },
    { value: 'DT01', label: 'DT01', count: 1 },
  ]);
});

test.each([
  [0, 1, 3, 1],
  [2, 1, 3, 2],
  [0, -1, 3, 0],
  [5, 0, 3, 2],
  [0, 1, 0, -1],
  [-1, 1, 3, 0],
])('from %i by %i of %i comes to %i', (index, step, length, next) => {
  expect(stepped(index, step, length)).toBe(next);
});

describe('a snippet', () => {
  test('has its hits marked, one by one', () => {
    expect(snippetParts('…姓名«汤君英»，«汤君英»之夫…')).toEqual([
      { text: '…姓名', hit: false },
      { text: '汤君英', hit: true },
      { text: '，', hit: false },
      { text: '汤君英', hit: true },
      { text: '之夫…', hit: false },
    ]);
  });
  test('loses nothing when a mark is not closed', () => {
    expect(snippetParts('a «b')).toEqual([{ text: 'a «b', hit: false }]);
  });
  test('stays text, whatever it holds', () => {
    expect(snippetParts('«<img src=x onerror=alert(1)>»')).toEqual([
      { text: '<img src=x onerror=alert(1)>', hit: true },
    ]);
  });
  test('may be empty', () => {
    expect(snippetParts('')).toEqual([]);
    expect(snippetParts('«»')).toEqual([]);
  });
});
