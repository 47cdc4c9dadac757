// The office's clock, which is the server's: instants are shown as they stand in the records, and
// a day is a day there, whatever zone a browser is in. So the same moment reads the same in a list,
// in a chart and on paper.

const minuteMs = 60_000;
let aheadMs = 0;
let eastMin = -new Date().getTimezoneOffset();

/** Set by what the server says its time is, with its zone. */
export function setClock(serverNow: string, here = Date.now()): void {
  const at = Date.parse(serverNow);
  const zone = /([+-])(\d\d):(\d\d)$/.exec(serverNow);
  if (Number.isNaN(at) || !zone) return;
  aheadMs = at - here;
  eastMin = (zone[1] === '-' ? -1 : 1) * (60 * Number(zone[2]) + Number(zone[3]));
}

/** Now, as the records would have it. */
export function officeNow(here = Date.now()): string {
  const local = new Date(here + aheadMs + eastMin * minuteMs).toISOString().slice(0, -1);
  const zone = new Date(Math.abs(eastMin) * minuteMs).toISOString().slice(11, 16);
  return `${local}${eastMin < 0 ? '-' : '+'}${zone}`;
}

/** The day it is in the office, YYYY-MM-DD. */
export function today(here = Date.now()): string {
  return officeNow(here).slice(0, 10);
}

/** The same day so many years on; of 29 February the last day of the month. */
export function yearsOn(day: string, years: number): string {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0');
  const moved = `${year}${day.slice(4)}`;
  const at = new Date(`${moved}T00:00:00Z`);
  const there = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(moved);
  return there ? moved : `${year}-02-28`;
}
