import { describe, expect, it } from 'vitest';
import type { ContentsPart } from '../src/logic/contents';
import {
  canLook,
  changedItems,
  inOrder,
  isRepairReason,
  mergeWish,
  moveWish,
  needsScan,
  rangeOf,
  splitDossierWish,
  splitWish,
  stepWish,
  typeWish,
} from '../src/logic/repair';

const order = [11, 12, 13, 14, 15];

function part(item: number | null, pages: number[]): ContentsPart {
  return {
    kind: item === null ? 'loose' : 'item',
    item: item === null ? null : { number: item, sequence: item },
    pages: pages.map((page) => ({ page })),
  } as unknown as ContentsPart;
}

const parts = [part(null, [11]), part(1, [12, 13]), part(null, [14]), part(2, [15])];

describe('choosing pages', () => {
  it('takes all between two, whichever comes first', () => {
    expect(rangeOf(order, 12, 14)).toEqual([12, 13, 14]);
    expect(rangeOf(order, 14, 12)).toEqual([12, 13, 14]);
    expect(rangeOf(order, 99, 13)).toEqual([13]);
    expect(rangeOf(order, 12, 99)).toEqual([]);
  });

  it('keeps the order of the dossier', () => {
    expect(inOrder(order, new Set([15, 11, 13]))).toEqual([11, 13, 15]);
  });
});

describe('wishes', () => {
  it('never puts a page beside itself', () => {
    expect(moveWish([12, 13], 13, 'after')).toBeNull();
    expect(moveWish([], 13, 'after')).toBeNull();
    expect(moveWish([12], 15, 'before')).toEqual({
      action: 'move_pages',
      pages: [12],
      before: 15,
    });
  });

  it('steps over the neighbour, and not past the ends', () => {
    expect(stepWish(order, [12, 13], -1)).toMatchObject({ before: 11 });
    expect(stepWish(order, [12, 13], 1)).toMatchObject({ after: 14 });
    expect(stepWish(order, [11], -1)).toBeNull();
    expect(stepWish(order, [15], 1)).toBeNull();
  });

  it('splits an item behind its first page alone', () => {
    expect(splitWish(parts, 13)).toEqual({ action: 'split_item', pages: [13] });
    expect(splitWish(parts, 12)).toBeNull();
    expect(splitWish(parts, 14)).toBeNull();
  });

  it('joins with the item before, whatever lies between', () => {
    expect(mergeWish(parts, 15)).toEqual({ action: 'merge_items', items: [1, 2] });
    expect(mergeWish(parts, 12)).toBeNull();
    expect(mergeWish(parts, 11)).toBeNull();
  });

  it('splits no dossier at its first page', () => {
    expect(splitDossierWish(order, 11)).toBeNull();
    expect(splitDossierWish(order, 13)).toMatchObject({ pages: [13] });
  });

  it('retypes a page, or the item it lies in', () => {
    expect(typeWish(parts, 15, 'DT19', false)).toMatchObject({ action: 'type_page', pages: [15] });
    expect(typeWish(parts, 15, 'DT19', true)).toMatchObject({ action: 'type_item', item: 2 });
    expect(typeWish(parts, 14, 'DT19', true)).toBeNull();
  });

  it('knows what needs a scan, and what can be looked at beforehand', () => {
    expect(needsScan({ action: 'insert_pages', after: 1 })).toBe(true);
    expect(needsScan({ action: 'replace_page', pages: [1] })).toBe(true);
    expect(needsScan({ action: 'replace_page', pages: [1], with_page: 2 })).toBe(false);
    expect(canLook({ action: 'move_pages', pages: [1], after: 2 })).toBe(true);
    expect(canLook({ action: 'rotate_page', pages: [1], turn: 90 })).toBe(false);
  });

  it('wants a reason', () => {
    expect(isRepairReason('  ')).toBe(false);
    expect(isRepairReason('夹错')).toBe(true);
  });
});

describe('what a decision would do', () => {
  const item = (sequence: number, pages: number[]) => ({ sequence, title: '', pages });

  it('names items that differ alone', () => {
    const before = [item(1, [12, 13]), item(2, [15])];
    expect(changedItems(before, before)).toEqual([]);
    expect(changedItems(before, [item(1, [12]), item(2, [13]), item(3, [15])])).toEqual([
      { sequence: 1, title: '', before: [12, 13], after: [12] },
      { sequence: 2, title: '', before: [], after: [13] },
      { sequence: 3, title: '', before: [15], after: [15] },
    ]);
  });

  it('takes an item for the one that its first page was in', () => {
    const before = [item(1, [3]), item(2, [4]), item(3, [5])];
    expect(changedItems(before, [item(1, [5, 3, 4])])).toEqual([
      { sequence: 1, title: '', before: [5], after: [5, 3, 4] },
      { sequence: 1, title: '', before: [3], after: [] },
      { sequence: 2, title: '', before: [4], after: [] },
    ]);
  });

  it('says that an item is gone', () => {
    expect(changedItems([item(1, [12]), item(2, [15])], [item(1, [12])])).toEqual([
      { sequence: 2, title: '', before: [15], after: [] },
    ]);
  });
});
