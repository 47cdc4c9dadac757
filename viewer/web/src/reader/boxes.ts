// What is drawn over a page, and how a field is named so that box and row find each other.

import type { Field, Finding, Hit, Page } from '../api/types';
import type { Quad } from '../logic/geometry';
import type { PageBox } from '../image/page_viewer';

export function fieldKey(field: Pick<Field, 'field' | 'row'>, index: number): string {
  return `field:${field.field}:${field.row ?? ''}:${index}`;
}

export interface Shown {
  page: Page | null;
  hit: Hit | null;
  finding: Finding | null;
  boxes: boolean;
  nameOf: (field: string) => string;
}

/** The boxes of a page, those that must not be covered last. */
export function boxesOf({ page, hit, finding, boxes, nameOf }: Shown): PageBox[] {
  const drawn: PageBox[] = [];
  if (page && boxes) {
    page.seals.forEach((seal, i) => {
      drawn.push({ id: `seal:${i}`, quad: seal.quad, kind: 'seal', title: seal.text });
    });
  }
  hit?.boxes.forEach((quad, i) => {
    drawn.push({ id: `hit:${i}`, quad, kind: 'hit', title: '' });
  });
  if (page && boxes) {
    page.fields.forEach((field, i) => {
      if (!field.quad) return;
      const unsure = field.unsure || field.validity !== 'valid';
      drawn.push({
        id: fieldKey(field, i),
        quad: field.quad,
        kind: unsure ? 'unsure' : 'field',
        title: nameOf(field.field),
      });
    });
  }
  findingQuads(finding, page?.page ?? 0).forEach((quad, i) => {
    drawn.push({ id: `finding:${i}`, quad, kind: 'finding', title: '' });
  });
  return drawn;
}

/** Where on a page a finding points to; nothing when it is about the page as a whole. */
export function findingQuads(finding: Finding | null, page: number): Quad[] {
  return (finding?.places ?? [])
    .filter((place) => place.page === page && place.quad !== null)
    .map((place) => place.quad as Quad);
}

export interface FieldRow {
  field: Field;
  key: string;
}

export interface FieldGroup {
  /** The row of a table on the page; null: fields that stand alone. */
  row: number | null;
  fields: FieldRow[];
}

/** Fields that stand alone first, then the rows of tables from above. */
export function fieldGroups(fields: readonly Field[]): FieldGroup[] {
  const groups = new Map<number | null, FieldRow[]>([[null, []]]);
  fields.forEach((field, i) => {
    const group = groups.get(field.row) ?? [];
    group.push({ field, key: fieldKey(field, i) });
    groups.set(field.row, group);
  });
  return [...groups]
    .filter(([, rows]) => rows.length > 0)
    .map(([row, rows]) => ({ row, fields: rows }))
    .sort((a, b) => (a.row ?? -1) - (b.row ?? -1));
}
