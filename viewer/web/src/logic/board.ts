// Which dossiers the completeness board lists, and in what order.

import type { DossierRow } from '../api/types';

export const boardFilters = ['all', 'errors', 'warnings', 'in_order', 'set_aside'] as const;
export type BoardFilter = (typeof boardFilters)[number];

const tests: Record<BoardFilter, (row: DossierRow) => boolean> = {
  all: () => true,
  errors: (row) => row.errors > 0,
  warnings: (row) => row.warnings > 0,
  in_order: (row) => row.errors === 0 && row.warnings === 0,
  set_aside: (row) => row.set_aside > 0,
};

export function countsOf(rows: readonly DossierRow[]): Record<BoardFilter, number> {
  const count = (filter: BoardFilter) => rows.filter(tests[filter]).length;
  return Object.fromEntries(boardFilters.map((filter) => [filter, count(filter)])) as Record<
    BoardFilter,
    number
  >;
}

/** Those that pass the filter and hold all the words, the gravest first. */
export function listed(
  rows: readonly DossierRow[],
  filter: BoardFilter,
  words: string,
): DossierRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (row: DossierRow) =>
    [row.dossier_no, row.title, row.batch_name, ...row.persons.map((person) => person.name)]
      .join(' ')
      .toLowerCase();
  return rows
    .filter((row) => tests[filter](row))
    .filter((row) => wanted.every((word) => textOf(row).includes(word)))
    .sort(
      (a, b) =>
        b.errors - a.errors ||
        b.warnings - a.warnings ||
        b.set_aside - a.set_aside ||
        a.number - b.number,
    );
}
