/** Whether a test holds for the values of a field: the reference for one field at a time. */

import { parseTime } from '../correlate/time.js';
import { type Event, readField, type Scalar, scalarNumber, scalarText } from '../event.js';
import { inNetwork } from '../network.js';
import { fold, foldDashes, many, type one, type Pattern } from '../pattern.js';
import type { FieldTest, StringTest, Test, TimeTest } from '../plan.js';
import { compileRegex } from '../regex.js';

/** Answers a test that looks at values. `event`: for tests that read another field. */
export type ValueTest = (values: readonly Scalar[], event: Event) => boolean;

/** Compiles any test but `absent` and `exists`, which look at the field and not at its values. */
export function compileTest(test: Exclude<Test, { kind: 'absent' | 'exists' }>): ValueTest {
  switch (test.kind) {
    case 'string':
      return any(compileString(test));
    case 'regex': {
      const finds = compileRegex(test);
      return any((value) => finds(scalarText(value)));
    }
    case 'number': {
      const { op, value: bound } = test;
      return any((value) => {
        const number = scalarNumber(value);
        return number !== undefined && compare(number, op, bound);
      });
    }
    case 'cidr':
      return any((value) => typeof value === 'string' && inNetwork(test.network, value));
    case 'time':
      return any((value) => timePartFits(test, value));
    case 'field':
      return compileFieldTest(test);
  }
}

function any(one: (value: Scalar) => boolean): ValueTest {
  return (values) => {
    for (let i = 0; i < values.length; i++) if (one(values[i] as Scalar)) return true;
    return false;
  };
}

export function compare(left: number, op: 'lt' | 'lte' | 'gt' | 'gte' | 'eq', right: number): boolean {
  switch (op) {
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    case 'eq':
      return left === right;
  }
}

function compileString(test: StringTest): (value: Scalar) => boolean {
  const write = writer(test);
  const fits = compilePattern(test.pattern.map((part) => (typeof part === 'string' ? write(part) : part)));
  return (value) => fits(write(scalarText(value)));
}

/** How both sides of a comparison are written before they are compared. */
function writer({ cased, dash }: { cased: boolean; dash: boolean }): (text: string) => string {
  if (cased) return dash ? foldDashes : (text) => text;
  return dash ? (text) => foldDashes(fold(text)) : fold;
}

/** Whether a whole text fits. Every run between two `*` is taken where it fits first: no backtracking. */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  const runs: Pattern[] = [[]];
  for (const part of pattern) {
    if (part === many) runs.push([]);
    else (runs.at(-1) as (string | typeof one)[]).push(part as string | typeof one);
  }
  const first = runs[0] as Pattern;
  if (runs.length === 1) return (text) => endOf(first, text, 0) === text.length;
  const last = runs.at(-1) as Pattern;
  const middle = runs.slice(1, -1).filter((run) => run.length > 0);
  return (text) => {
    let at = endOf(first, text, 0);
    if (at < 0) return false;
    for (const run of middle) {
      at = findEnd(run, text, at);
      if (at < 0) return false;
    }
    if (last.length === 0) return true;
    return endsWith(last, text, at);
  };
}

/** Where a run that starts at `from` ends, or -1. */
function endOf(run: Pattern, text: string, from: number): number {
  let at = from;
  for (const part of run) {
    if (typeof part === 'string') {
      if (!text.startsWith(part, at)) return -1;
      at += part.length;
    } else {
      const point = text.codePointAt(at);
      if (point === undefined) return -1;
      at += point > 0xffff ? 2 : 1;
    }
  }
  return at;
}

function findEnd(run: Pattern, text: string, from: number): number {
  const [head] = run;
  for (let start = from; start <= text.length; start++) {
    if (typeof head === 'string') {
      start = text.indexOf(head, start);
      if (start < 0) return -1;
    } else if (start > 0 && isHigh(text.charCodeAt(start - 1))) continue;
    const end = endOf(run, text, start);
    if (end >= 0) return end;
  }
  return -1;
}

/** Whether the run ends the text, not starting before `from`. */
function endsWith(run: Pattern, text: string, from: number): boolean {
  let at = text.length;
  for (let i = run.length - 1; i >= 0; i--) {
    const part = run[i] as string | typeof one;
    if (typeof part === 'string') {
      if (!text.endsWith(part, at)) return false;
      at -= part.length;
    } else {
      if (at <= 0) return false;
      const low = text.charCodeAt(at - 1);
      const pair = at > 1 && low >= 0xdc00 && low < 0xe000 && isHigh(text.charCodeAt(at - 2));
      at -= pair ? 2 : 1;
    }
    if (at < from) return false;
  }
  return true;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function compileFieldTest({ other, relation, cased }: FieldTest): ValueTest {
  const write = writer({ cased, dash: false });
  return (values, event) => {
    const others = readField(event, other).values.map((value) => write(scalarText(value)));
    return values.some((value) => {
      const left = write(scalarText(value));
      return others.some((right) => stands(relation, left, right));
    });
  };
}

function stands(relation: FieldTest['relation'], left: string, right: string): boolean {
  switch (relation) {
    case 'equals':
      return left === right;
    case 'contains':
      return left.includes(right);
    case 'startswith':
      return left.startsWith(right);
    case 'endswith':
      return left.endsWith(right);
  }
}

function timePartFits(test: TimeTest, value: Scalar): boolean {
  const time = typeof value === 'boolean' ? undefined : parseTime(value);
  if (time === undefined) return false;
  return compare(timePart(new Date(time), test.part), test.op, test.value);
}

/** One part of a date in UTC; weeks as ISO 8601 counts them. */
export function timePart(date: Date, part: TimeTest['part']): number {
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
    case 'week': {
      // The week belongs to the year its Thursday is in.
      const thursday = new Date(date.getTime());
      thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
      const start = Date.UTC(thursday.getUTCFullYear(), 0, 1);
      return Math.floor((thursday.getTime() - start) / (7 * 86_400_000)) + 1;
    }
  }
}
