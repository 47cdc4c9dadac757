import { describe, expect, test } from 'vitest';
import type { Finding, Item, PageBrief } from '../src/api/types';
import { contentsOf, gravestByPage, sortedFindings } from '../src/logic/contents';

function page(number: number, item: number, more: Partial<PageBrief> = {}): PageBrief {
  return {
    page: number,
    token: `t${number}`,
    source: 's',
    page_in_file: 0,
    kind: 'content',
    state: 'filed',
    reason: null,
    doc_type: 'DT10',
    title: '',
    item,
    page_of_dossier: number,
    width: 10,
    height: 14,
    rotation: 0,
    review: [],
    ...more,
  };
}

function item(number: number): Item {
  return {
    number,
    sequence: number,
    title: `件${number}`,
    doc_type: 'DT10',
    date: '',
    retention: 'Y',
    pages: [],
  };
}

function finding(number: number, more: Partial<Finding> = {}): Finding {
  return {
    finding: number,
    rule: 'X',
    severity: 'warn',
    state: 'open',
    sentence: { zh: '', en: '' },
    places: [],
    reason: '',
    decided_by: '',
    decided_at: '',
    etag: '',
    ...more,
  };
}

describe('contents', () => {
  const dossier = {
    items: [item(1), item(2)],
    pages: [
      page(5, 0),
      page(1, 0),
      page(3, 1),
      page(2, 1),
      page(4, 2),
      page(9, 1, { state: 'set_aside', reason: 'truncated', token: null, width: 0 }),
    ],
  };
  const parts = contentsOf(dossier);
  test('follow the pages of the dossier', () => {
    expect(parts.map((part) => [part.kind, part.pages.map((p) => p.page)])).toEqual([
      ['loose', [1]],
      ['item', [2, 3]],
      ['item', [4]],
      ['loose', [5]],
      ['set_aside', [9]],
    ]);
  });
  test('have every page once', () => {
    const shown = parts.flatMap((part) => part.pages.map((p) => p.page)).sort();
    expect(shown).toEqual([1, 2, 3, 4, 5, 9]);
  });
  test('keep a page whose item nobody knows', () => {
    expect(contentsOf({ items: [], pages: [page(1, 77)] })[0]?.kind).toBe('loose');
  });
});

describe('findings', () => {
  const here = { places: [{ page: 3, quad: null }] };
  const list = [
    finding(1, { severity: 'info' }),
    finding(2),
    finding(3, here),
    finding(4, { severity: 'error', state: 'accepted' }),
    finding(5, { severity: 'error' }),
  ];
  test('stand open before decided, grave before light, of this page before others', () => {
    expect(sortedFindings(list, 3).map((f) => f.finding)).toEqual([5, 3, 2, 1, 4]);
  });
  test('mark a page by the gravest that is open', () => {
    const marks = gravestByPage([
      finding(1, here),
      finding(2, { ...here, severity: 'error' }),
      finding(3, { severity: 'error', state: 'accepted', places: [{ page: 8, quad: null }] }),
    ]);
    expect([...marks]).toEqual([[3, 'error']]);
  });
});
