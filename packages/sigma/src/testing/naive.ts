/**
 * Plans evaluated the obvious way, straight from what `plan.ts`, `pattern.ts` and `event.ts` say. Slow, and
 * meant to be read side by side with them: the matcher and the SQL target are tested against it.
 */
import { RE2JS } from 're2js';
import { allScalars, type Event, readField, type Scalar, scalarNumber, scalarText } from '../event.js';
import { fold, foldDashes, many, one, type PatternPart } from '../pattern.js';
import type {
  FieldTest,
  Network,
  NumberTest,
  Plan,
  RegexTest,
  StringTest,
  TestPlan,
  TimeTest,
} from '../plan.js';

/** Whether a record satisfies a plan. */
export function evaluate(plan: Plan, event: Event): boolean {
  switch (plan.op) {
    case 'and':
      return plan.args.every((arg) => evaluate(arg, event));
    case 'or':
      return plan.args.some((arg) => evaluate(arg, event));
    case 'not':
      return !evaluate(plan.arg, event);
    case 'constant':
      return plan.value;
    case 'keyword':
      return allScalars(event).some((value) => fitsText(plan.test, value));
    case 'test':
      return evaluateTest(plan, event);
  }
}

function evaluateTest({ field, test }: TestPlan, event: Event): boolean {
  const { present, empty, values } = readField(event, field);
  switch (test.kind) {
    case 'absent':
      return empty;
    case 'exists':
      return present;
    case 'field': {
      const others = readField(event, test.other).values;
      return values.some((value) => others.some((other) => related(test, value, other)));
    }
    case 'number':
      return values.some((value) => fitsNumber(test, value));
    case 'cidr':
      return values.some((value) => fitsNetwork(test.network, scalarText(value)));
    case 'time':
      return values.some((value) => fitsTime(test, value));
    default:
      return values.some((value) => fitsText(test, value));
  }
}

function fitsText(test: StringTest | RegexTest, value: Scalar): boolean {
  const text = scalarText(value);
  if (test.kind === 'regex') {
    const flags =
      (test.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
      (test.multiline ? RE2JS.MULTILINE : 0) |
      (test.dotAll ? RE2JS.DOTALL : 0);
    return RE2JS.compile(test.source, flags).matcher(text).find();
  }
  const write = (part: string) => {
    const cased = test.cased ? part : fold(part);
    return test.dash ? foldDashes(cased) : cased;
  };
  // One element a character, one a wildcard.
  const parts = test.pattern.flatMap((part): PatternPart[] =>
    typeof part === 'string' ? [...write(part)] : [part],
  );
  return fits(parts, [...write(text)]);
}

/** Whether the characters fit the parts: for every end of the parts, the ends of the text that fit it. */
function fits(parts: readonly PatternPart[], text: readonly string[]): boolean {
  // ends[i]: whether what begins at character i fits the parts looked at so far, from the last on.
  let ends = Array.from({ length: text.length + 1 }, (_, i) => i === text.length);
  for (const part of [...parts].reverse()) {
    const next = ends.map(() => false);
    for (let i = text.length; i >= 0; i--) {
      if (part === many) next[i] = ends[i] === true || next[i + 1] === true;
      else next[i] = (part === one || part === text[i]) && i < text.length && ends[i + 1] === true;
    }
    ends = next;
  }
  return ends[0] === true;
}

function related({ relation, cased }: FieldTest, value: Scalar, other: Scalar): boolean {
  const write = (scalar: Scalar) => (cased ? scalarText(scalar) : fold(scalarText(scalar)));
  const [left, right] = [write(value), write(other)];
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

function compare(left: number, op: TimeTest['op'], right: number): boolean {
  switch (op) {
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'eq':
      return left === right;
  }
}

function fitsNumber(test: NumberTest, value: Scalar): boolean {
  const number = scalarNumber(value);
  return number !== undefined && compare(number, test.op, test.value);
}

function fitsNetwork({ address, bits }: Network, text: string): boolean {
  const found = addressBits(text);
  const network = address.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (
    found !== undefined && found.length === network.length && found.slice(0, bits) === network.slice(0, bits)
  );
}

/** An address as 32 or 128 binary digits. */
function addressBits(text: string): string | undefined {
  const quad = /^(.*?)(\d+)\.(\d+)\.(\d+)\.(\d+)$/s.exec(text);
  if (quad !== null) {
    const octets = quad.slice(2).map(Number);
    if (quad.slice(2).some((octet, i) => octet !== String(octets[i]) || Number(octet) > 255))
      return undefined;
    const binary = octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
    if (quad[1] === '') return binary;
    // In IPv6 a dotted quad stands for the last two groups.
    const groups = [binary.slice(0, 16), binary.slice(16)].map((half) =>
      Number.parseInt(half, 2).toString(16),
    );
    return addressBits(`${quad[1]}${groups.join(':')}`);
  }
  const halves = text.split('::');
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const written = groups.flat();
  if (halves.length > 2 || written.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const missing = 8 - written.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...(groups[0] ?? []), ...Array.from({ length: missing }, () => '0'), ...(groups[1] ?? [])]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

function fitsTime(test: TimeTest, value: Scalar): boolean {
  const date = typeof value === 'boolean' ? undefined : dateOf(scalarText(value));
  return date !== undefined && compare(partOf(date, test.part), test.op, test.value);
}

/** The moment a text tells, by the grammar at the head of `correlate/time.ts`. */
function dateOf(text: string): Date | undefined {
  if (text.length > 64) return undefined;
  const number = /^0*(\d{1,20})(\.\d*)?$/.exec(text);
  if (number !== null) {
    const whole = BigInt(number[1] as string);
    const length = (number[1] as string).length;
    const thousandths = Math.floor(Number(`${number[2] ?? ''}000`.slice(1, 4)));
    if (length <= 11) return new Date(Number(whole) * 1000 + thousandths);
    return new Date(Number(length <= 14 ? whole : length <= 17 ? whole / 1000n : whole / 1_000_000n));
  }
  const iso =
    /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(\.\d+)?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/.exec(
      text,
    );
  if (iso === null) return undefined;
  const [
    ,
    day = '',
    minute = '00:00',
    second = '00',
    fraction = '',
    sign,
    zoneHour = '00',
    zoneMinute = '00',
  ] = iso;
  if (
    Number(second) > 60 ||
    Number(zoneHour) > 23 ||
    Number(zoneMinute) > 59 ||
    Number(minute.slice(0, 2)) > 23
  ) {
    return undefined;
  }
  const start = new Date(`${day}T${minute}:00.000Z`);
  // The built-in reader takes the 30th of February for the 1st of March.
  if (Number.isNaN(start.getTime()) || !start.toISOString().startsWith(day)) return undefined;
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1);
  const thousandths = Number(`${fraction}000`.slice(fraction === '' ? 0 : 1, fraction === '' ? 3 : 4));
  return new Date(start.getTime() - offset * 60_000 + Number(second) * 1000 + thousandths);
}

function partOf(date: Date, part: TimeTest['part']): number {
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
      // Count the Thursdays of the year up to the one of this week.
      const dayOfWeek = (date.getUTCDay() + 6) % 7;
      const thursday = new Date(date.getTime() + (3 - dayOfWeek) * 86_400_000);
      let count = 1;
      let earlier = new Date(thursday.getTime() - 7 * 86_400_000);
      while (earlier.getUTCFullYear() === thursday.getUTCFullYear()) {
        count++;
        earlier = new Date(earlier.getTime() - 7 * 86_400_000);
      }
      return count;
    }
  }
}
