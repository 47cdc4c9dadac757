// Bars of a chart over days: days without anything are bars too, so that gaps are seen.

export interface Bar {
  /** What the bar stands for: a day, or a week by its first day. */
  at: string;
  parts: number[];
}

const dayMs = 86_400_000;

function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs);
}
function dayText(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10);
}

/** One bar a day from the first day to the last, or one a week when there are more than `most`. */
export function barsOf(
  rows: readonly { day: string; parts: number[] }[],
  until: string,
  most = 62,
): Bar[] {
  const first = rows[0];
  if (!first) return [];
  const from = dayNumber(first.day);
  const to = Math.max(dayNumber(until), dayNumber(rows[rows.length - 1]!.day));
  const width = to - from + 1 > most ? 7 : 1;
  const bars: Bar[] = [];
  for (let day = from; day <= to; day += width) {
    bars.push({ at: dayText(day), parts: first.parts.map(() => 0) });
  }
  for (const row of rows) {
    const bar = bars[Math.floor((dayNumber(row.day) - from) / width)];
    row.parts.forEach((value, i) => {
      if (bar) bar.parts[i] = (bar.parts[i] ?? 0) + value;
    });
  }
  return bars;
}

/** The least round number that is not below: 1, 2 or 5 with zeros. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 5, 10]) {
    if (step * power >= value) return step * power;
  }
  return 10 * power;
}
