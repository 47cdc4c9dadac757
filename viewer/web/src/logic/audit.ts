// The list of who saw and changed what: which entries, and where an entry's object is shown.

import type { AuditFilter } from '../api/office_types';

export const noFilter: AuditFilter = {
  who: '',
  action: '',
  object: '',
  from: '',
  to: '',
  kind: '',
};

export function filterCount(filter: AuditFilter): number {
  return Object.values(filter).filter((value) => value !== '').length;
}

const screens: Record<string, string> = {
  page: 'pages',
  dossier: 'dossiers',
  batch: 'batches',
  person: 'persons',
};

/** The address of the screen that shows an object such as "page 12"; null when none does. */
export function objectPath(object: string): string | null {
  const match = object.match(/^(\w+) ([1-9]\d{0,15})$/);
  const screen = match && screens[match[1]!];
  return screen ? `/${screen}/${match[2]}` : null;
}
