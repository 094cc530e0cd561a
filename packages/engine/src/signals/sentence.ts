import type { Cell, Row } from '../lake/duckdb.js';

/**
 * Makes the sentence of a signal from its template and rows. `{column}` is the value in the leading row; functions look
 * at all rows: `{n}` how many, `{list(c)}` the distinct values, `{country(c)}` country codes as names,
 * `{count(c)}` how many distinct, `{min(c)}`, `{max(c)}`,
 * `{sum(c)}`, `{earlier(a, b)}`, `{later(a, b)}`, `{day(c)}`, `{km(c)}`, `{round(c)}`, `{people(c)}` ids as names,
 * `{s(c, one, many)}` one of two words by a number.
 */
export function sentence(template: string, rows: readonly Row[], nameOf: (id: string) => string): string {
  return template
    .replace(/\{([^{}]+)\}/g, (_, expression: string) => evaluate(expression.trim(), rows, nameOf))
    .replace(/\s+/g, ' ')
    .trim();
}

const countries = new Intl.DisplayNames(['en'], { type: 'region' });

function evaluate(expression: string, rows: readonly Row[], nameOf: (id: string) => string): string {
  const lead = rows[0] ?? {};
  const call = /^([a-z]+)\((.*)\)$/.exec(expression);
  if (!call) {
    if (expression === 'n') return String(rows.length);
    return expression === 'other' ? nameOf(String(lead.other)) : show(lead[expression]);
  }
  const [, name, inside] = call as unknown as [string, string, string];
  const [first = '', second = '', third = ''] = inside.split(',').map((part) => part.trim());
  const values = rows.map((row) => row[first]).filter((value) => value !== null && value !== undefined);
  const distinct = [...new Set(values.map((value) => show(value)))];
  const numbers = values.map(Number).filter(Number.isFinite);
  switch (name) {
    case 'list':
      return listed(distinct);
    case 'people':
      return listed([...new Set(values.map((value) => nameOf(String(value))))]);
    case 'country':
      return listed(distinct.map((code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code)));
    case 'count':
      return String(distinct.length);
    case 'min':
    case 'max': {
      if (values.length === 0) return 'unknown';
      const sorted = [...values].sort((a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
      );
      return show(name === 'min' ? sorted[0] : sorted.at(-1));
    }
    case 'sum':
      return show(numbers.reduce((sum, value) => sum + value, 0));
    case 'earlier':
    case 'later': {
      const pair = [lead[first], lead[second]]
        .filter((value) => value !== null && value !== undefined)
        .map(String)
        .sort();
      return show(name === 'earlier' ? pair[0] : pair.at(-1));
    }
    case 'day':
      return String(lead[first] ?? 'unknown').slice(0, 10);
    case 'km':
      return `${Number(roundNicely(Number(lead[first] ?? 0))).toLocaleString('en-US')} km`;
    case 'round':
      return roundNicely(Number(lead[first] ?? 0)).toLocaleString('en-US');
    case 's':
      return Number(first === 'n' ? rows.length : lead[first]) === 1 ? second : third;
    default:
      return `{${expression}}`;
  }
}

/** Functions a template may call; checked when content is tested. */
export const sentenceFunctions = [
  'list',
  'country',
  'people',
  'count',
  'min',
  'max',
  'sum',
  'earlier',
  'later',
  'day',
  'km',
  'round',
  's',
];

function roundNicely(value: number): number {
  if (value >= 1000) return Math.round(value / 100) * 100;
  return value >= 100 ? Math.round(value / 10) * 10 : Math.round(value);
}

function listed(values: string[]): string {
  const shown = values.slice(0, 5);
  const rest = values.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? (shown[0] ?? 'unknown') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** A cell as a person writes it: times with their zone, numbers with separators. */
export function show(value: Cell | undefined): string {
  if (value === null || value === undefined || value === '') return 'unknown';
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? value.toLocaleString('en-US')
      : value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  }
  if (typeof value === 'string') {
    const time = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(\.\d+)?Z$/.exec(value);
    if (time) return time[2] === '00:00' ? (time[1] as string) : `${time[1]} ${time[2]} UTC`;
    return value;
  }
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : JSON.stringify(value);
}
