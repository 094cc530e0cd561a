import type { TraceDate } from './types.js';

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** Parts of a date that have been checked against the calendar, or undefined. */
function checked(
  text: string,
  parts: [number, number, number, number, number, number],
  offset: string | undefined,
): TraceDate {
  const [year, month, day, hour, minute, second] = parts;
  const instant = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  instant.setUTCFullYear(year);
  const valid =
    year >= 1 &&
    instant.getUTCMonth() === month - 1 &&
    instant.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!valid) return { text };
  const local = `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
  if (!offset) return { text, local };
  const minutes = offset === 'Z' ? 0 : offsetMinutes(offset);
  if (minutes === undefined) return { text, local };
  const utc = new Date(instant.getTime() - minutes * 60_000);
  return { text, local, offset, utc: utc.toISOString().replace('.000Z', 'Z') };
}

/** Minutes east of UTC; undefined beyond what any zone has had. */
function offsetMinutes(offset: string): number | undefined {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(offset);
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (Number(match[3]) > 59 || minutes > 15 * 60) return undefined;
  return match[1] === '-' ? -minutes : minutes;
}

/** `D:YYYYMMDDHHmmSSOHH'mm'` of ISO 32000-1, 7.9.4; every part after the year may be missing. */
export function pdfDate(raw: string): TraceDate {
  const text = raw.trim().slice(0, 80);
  const match =
    /^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\s*(Z|[+-])(?:(\d\d)'?(?::?(\d\d))?'?)?)?$/.exec(
      text,
    );
  if (!match) return { text };
  const [, year, month, day, hour, minute, second, sign, offsetHour, offsetMinute] = match;
  let offset: string | undefined;
  if (sign === 'Z') offset = 'Z';
  else if (sign && offsetHour) offset = `${sign}${offsetHour}:${offsetMinute ?? '00'}`;
  return checked(
    text,
    [
      Number(year),
      Number(month ?? 1),
      Number(day ?? 1),
      Number(hour ?? 0),
      Number(minute ?? 0),
      Number(second ?? 0),
    ],
    offset,
  );
}

/** ISO 8601 as XMP, Word and OpenDocument write it: offset and time may be missing. */
export function isoDate(raw: string): TraceDate {
  const text = raw.trim().slice(0, 80);
  const match =
    /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?)?$/i.exec(
      text,
    );
  if (!match) return { text };
  const [, year, month, day, hour, minute, second, zone] = match;
  const offset = zone?.toUpperCase().replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  return checked(
    text,
    [
      Number(year),
      Number(month ?? 1),
      Number(day ?? 1),
      Number(hour ?? 0),
      Number(minute ?? 0),
      Number(second ?? 0),
    ],
    offset,
  );
}

/** Two dates are the same moment, as far as both say; undefined where that cannot be told. */
export function sameMoment(a: TraceDate, b: TraceDate): boolean | undefined {
  if (a.utc && b.utc) return Math.abs(Date.parse(a.utc) - Date.parse(b.utc)) < 2_000;
  if (!a.local || !b.local || a.offset || b.offset) return undefined;
  return a.local === b.local;
}
