// Hits of a search as a clerk looks at them: dossier by dossier, in the order of relevance.

import type { Hit, NamedPerson } from '../api/types';

export interface HitGroup {
  dossier: number;
  dossierNo: string;
  place: string;
  persons: string[];
  hits: Hit[];
}

/** Each name once: a person may stand in the records with a number and without. */
export function namesOf(persons: readonly NamedPerson[]): string[] {
  return [...new Set(persons.map((person) => person.name).filter(Boolean))];
}

export function groupsOf(hits: readonly Hit[]): HitGroup[] {
  const groups = new Map<number, HitGroup>();
  for (const hit of hits) {
    let group = groups.get(hit.dossier);
    if (!group) {
      group = { dossier: hit.dossier, dossierNo: hit.dossier_no, place: '', persons: [], hits: [] };
      groups.set(hit.dossier, group);
    }
    group.place ||= hit.place;
    for (const name of namesOf(hit.persons)) {
      if (!group.persons.includes(name)) group.persons.push(name);
    }
    group.hits.push(hit);
  }
  return [...groups.values()];
}

/** The hits in the order in which the groups show them: what the arrow keys walk through. */
export function inShownOrder(hits: readonly Hit[]): Hit[] {
  return groupsOf(hits).flatMap((group) => group.hits);
}

/**
 * Both lists, those of the second that the first has left out: what is read part by part may move
 * between two parts, because pages keep coming in.
 */
export function joined<T>(
  first: readonly T[],
  second: readonly T[],
  key: (each: T) => number,
): T[] {
  const known = new Set(first.map(key));
  return [...first, ...second.filter((each) => !known.has(key(each)))];
}

export interface FacetValue {
  value: string;
  label: string;
  count: number;
}

/** How many of these hits have each value, the most frequent first. */
export function facet(
  hits: readonly Hit[],
  valueOf: (hit: Hit) => string,
  labelOf: (hit: Hit) => string,
): FacetValue[] {
  const values = new Map<string, FacetValue>();
  for (const hit of hits) {
    const value = valueOf(hit);
    if (!value) continue;
    const known = values.get(value);
    if (known) known.count++;
    else values.set(value, { value, label: labelOf(hit) || value, count: 1 });
  }
  return [...values.values()].sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

/** The index `step` further on, which stays within the list; -1 when the list is empty. */
export function stepped(index: number, step: number, length: number): number {
  if (length === 0) return -1;
  return Math.min(Math.max(index + step, 0), length - 1);
}
