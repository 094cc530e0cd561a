/** Times are milliseconds since 1970 in UTC; days are the midnight they begin with. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Midnight UTC of a day written as 2026-09-30. */
export function parseDay(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    throw new RangeError(`not a day: ${text}`);
  return time;
}

export function dayOf(time: number): number {
  return Math.floor(time / DAY) * DAY;
}

export function isWeekend(day: number): boolean {
  const weekday = new Date(day).getUTCDay();
  return weekday === 0 || weekday === 6;
}

let day = Number.NaN;
let dayText = '';

/** 2026-09-30T08:15:00.123Z; written often, so the day is worked out only when it changes. */
export function iso(time: number): string {
  const start = dayOf(time);
  if (start !== day) {
    day = start;
    dayText = new Date(start).toISOString().slice(0, 11);
  }
  const rest = Math.floor(time - start);
  const two = (n: number) => (n < 10 ? `0${n}` : `${n}`);
  const thousandths = rest % 1000;
  const seconds = `${two(Math.floor(rest / HOUR))}:${two(Math.floor(rest / MINUTE) % 60)}:${two(Math.floor(rest / 1000) % 60)}`;
  return `${dayText}${seconds}.${thousandths < 100 ? '0' : ''}${two(thousandths)}Z`;
}

/** 2026-09-30T08:15:00Z */
export function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** 2026-09-30 */
export function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** 2026-09-30 08:15:00 */
export function dateTime(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
