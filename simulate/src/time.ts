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

/** 2026-09-30T08:15:00.123Z */
export function iso(time: number): string {
  return new Date(time).toISOString();
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
