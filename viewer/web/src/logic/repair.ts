// Putting the structure of a dossier right: what is chosen, and what is wished with it. The server
// decides whether it can be (docs/API.md, "Structure").

import type { ContentsPart } from './contents';

/** A decision as it is asked for. */
export interface Wish {
  action:
    | 'move_pages'
    | 'insert_pages'
    | 'order_pages'
    | 'split_item'
    | 'merge_items'
    | 'split_dossier'
    | 'replace_page'
    | 'rotate_page'
    | 'type_page'
    | 'type_item';
  pages?: number[];
  items?: number[];
  item?: number;
  after?: number;
  before?: number;
  with_page?: number;
  turn?: number;
  value?: string;
}

/** A decision as it was made. */
export interface Decision {
  arrangement: number;
  etag: string;
  action: string;
  pages: number[];
  beside: number;
  side: '' | 'before' | 'after';
  value: string;
  reason: string;
  decided_by: string;
  decided_at: string;
  ended_by: string;
  ended_at: string;
  conflict: string;
  conflicts?: Decision[];
}

/** The pages from one to another in the order they are shown, both among them. */
export function rangeOf(order: readonly number[], from: number, to: number): number[] {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  if (a < 0 || b < 0) return b < 0 ? [] : [to];
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Chosen pages in the order they are shown. */
export function inOrder(order: readonly number[], chosen: ReadonlySet<number>): number[] {
  return order.filter((page) => chosen.has(page));
}

/** Moves pages beside one that is not among them; nothing for one that is. */
export function moveWish(
  pages: readonly number[],
  beside: number,
  side: 'before' | 'after',
): Wish | null {
  if (pages.length === 0 || pages.includes(beside)) return null;
  return { action: 'move_pages', pages: [...pages], [side]: beside };
}

/** Moves pages one place up or down among all; nothing at the ends. */
export function stepWish(
  order: readonly number[],
  pages: readonly number[],
  step: -1 | 1,
): Wish | null {
  if (pages.length === 0) return null;
  const places = pages.map((page) => order.indexOf(page));
  const beside = order[step < 0 ? Math.min(...places) - 1 : Math.max(...places) + 1];
  return beside === undefined ? null : moveWish(pages, beside, step < 0 ? 'before' : 'after');
}

function itemPartOf(parts: readonly ContentsPart[], page: number): number {
  return parts.findIndex((part) => part.item && part.pages.some((p) => p.page === page));
}

/** The page begins an item of its own; nothing for the first of its item. */
export function splitWish(parts: readonly ContentsPart[], page: number): Wish | null {
  const part = parts[itemPartOf(parts, page)];
  if (!part || part.pages[0]?.page === page) return null;
  return { action: 'split_item', pages: [page] };
}

/** The item of the page goes into the one before it. */
export function mergeWish(parts: readonly ContentsPart[], page: number): Wish | null {
  const at = itemPartOf(parts, page);
  const item = parts[at]?.item;
  const before = parts
    .slice(0, Math.max(at, 0))
    .reverse()
    .find((part) => part.item && part.pages.length > 0)?.item;
  if (!item || !before || item.number === before.number) return null;
  return { action: 'merge_items', items: [before.number, item.number] };
}

/** Everything from the page on becomes a dossier of its own. */
export function splitDossierWish(order: readonly number[], page: number): Wish | null {
  return order.indexOf(page) <= 0 ? null : { action: 'split_dossier', pages: [page] };
}

export function typeWish(
  parts: readonly ContentsPart[],
  page: number,
  docType: string,
  whole: boolean,
): Wish | null {
  if (!whole) return { action: 'type_page', pages: [page], value: docType };
  const item = parts[itemPartOf(parts, page)]?.item;
  return item ? { action: 'type_item', item: item.number, value: docType } : null;
}

/** Whether the server can tell beforehand what a decision would do, without reading a page again. */
export function canLook(wish: Wish): boolean {
  return !['rotate_page', 'type_page', 'insert_pages'].includes(wish.action) &&
    !(wish.action === 'replace_page' && !wish.with_page);
}

/** Whether a scan has to be brought for it. */
export function needsScan(wish: Wish): boolean {
  return wish.action === 'insert_pages' || (wish.action === 'replace_page' && !wish.with_page);
}

export interface ItemChange {
  sequence: number;
  title: string;
  before: number[];
  after: number[];
}

interface Looked {
  sequence: number;
  title: string;
  pages: number[];
}

/** Items whose pages differ, in the order they will have; those that are gone last. */
export function changedItems(before: readonly Looked[], after: readonly Looked[]): ItemChange[] {
  const same = (a: readonly number[], b: readonly number[]) =>
    a.length === b.length && a.every((page, i) => page === b[i]);
  const left = new Set(before);
  const changes: ItemChange[] = [];
  for (const item of after) {
    // An item is the one it has most pages of; of several the one that its first page was in.
    const share = (one: Looked) =>
      one.pages.filter((page) => item.pages.includes(page)).length +
      (one.pages.includes(item.pages[0] ?? 0) ? 0.5 : 0);
    const was = [...left].sort((a, b) => share(b) - share(a)).find((one) => share(one) > 0);
    if (was) left.delete(was);
    if (was && same(was.pages, item.pages) && was.sequence === item.sequence) continue;
    if (!was && item.pages.length === 0) continue;
    changes.push({
      sequence: item.sequence,
      title: item.title,
      before: was?.pages ?? [],
      after: item.pages,
    });
  }
  for (const item of left) {
    if (item.pages.length === 0) continue;
    changes.push({ sequence: item.sequence, title: item.title, before: item.pages, after: [] });
  }
  return changes;
}

export const repairReasonMin = 2;

export function isRepairReason(text: string): boolean {
  return [...text.trim()].length >= repairReasonMin;
}
