// Which dossiers the completeness board lists; the server finds and counts them.

import type { DossierRow } from '../api/types';

export const boardFilters = ['all', 'errors', 'warnings', 'in_order', 'set_aside'] as const;
export type BoardFilter = (typeof boardFilters)[number];

/** The server's words for them. */
export const boardStates: Record<BoardFilter, string> = {
  all: '',
  errors: 'errors',
  warnings: 'warnings',
  in_order: 'clean',
  set_aside: 'set_aside',
};

const paperStates = ['absent', 'unreadable', 'usable'] as const;

/** How many papers that must be there are how, the worst first; nothing of those there are none. */
export function paperShares(
  papers: DossierRow['papers'],
): { state: (typeof paperStates)[number]; count: number }[] {
  return paperStates
    .map((state) => ({ state, count: papers?.[state] ?? 0 }))
    .filter((one) => one.count > 0);
}
