// The contribution calendar 缴费月历: which months papers list, over all dossiers of a person.

import type { ContributionYear } from '../api/types';

export type MonthState = 'listed' | 'gap' | 'outside';

export interface MonthCell {
  month: number;
  state: MonthState;
  dossiers: number[];
}

export interface CalendarYear {
  year: number;
  cells: MonthCell[];
  listed: number;
  /** The most that a paper says there are in the year without listing them. */
  told: number | null;
}

/** A gap is a month that no paper lists between the first and the last that one does. */
export function calendarOf(years: readonly ContributionYear[]): CalendarYear[] {
  const listed = new Map<number, number[]>();
  for (const { year, months } of years) {
    for (const [month, dossiers] of Object.entries(months)) {
      if (dossiers.length > 0) listed.set(year * 12 + Number(month) - 1, dossiers);
    }
  }
  const first = Math.min(...listed.keys());
  const last = Math.max(...listed.keys());
  return [...years]
    .sort((a, b) => a.year - b.year)
    .map(({ year, told }) => {
      const cells = Array.from({ length: 12 }, (_, i): MonthCell => {
        const at = year * 12 + i;
        const dossiers = listed.get(at);
        const state = dossiers ? 'listed' : at > first && at < last ? 'gap' : 'outside';
        return { month: i + 1, state, dossiers: dossiers ?? [] };
      });
      const counts = Object.values(told);
      return {
        year,
        cells,
        listed: cells.filter((cell) => cell.state === 'listed').length,
        told: counts.length > 0 ? Math.max(...counts) : null,
      };
    });
}

export function gapsIn(years: readonly CalendarYear[]): number {
  return years.flatMap((year) => year.cells).filter((cell) => cell.state === 'gap').length;
}
