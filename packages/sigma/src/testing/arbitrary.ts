/** Plans and records for property tests, made so that many tests hold. */
import fc from 'fast-check';
import type { Event } from '../event.js';
import { parseNetwork } from '../network.js';
import { many, normalisePattern, one, type Pattern } from '../pattern.js';
import type { Plan, RegexTest, StringTest, Test } from '../plan.js';

/** Picks one word of a list written as text. */
function words(list: string): fc.Arbitrary<string> {
  return fc.constantFrom(...list.split(' '));
}

function literals<const T extends readonly string[]>(...list: T): fc.Arbitrary<T[number]> {
  return fc.constantFrom(...list);
}

/** Pieces of texts: plain, folding in odd ways, special to LIKE, to expressions, to SQL and to Sigma. */
const piece = fc.oneof(
  { weight: 4, arbitrary: words('a A b B ab .exe 10 i k') },
  { weight: 2, arbitrary: words('\\ / - \u2013 % _ * ? \' " $ ^ ( [ |') },
  {
    weight: 1,
    arbitrary: words('\u00c4 \u00e4 \u0130 \u0131 \u00df \u03a3 \u03c3 \u03c2 \u212a \ud83d\ude00 e\u0301'),
  },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\n', '\0', '\u{10fffe}', '\ufeff') },
);

const text = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join(''));

const address = fc.oneof(
  words('192.0.2.1 192.0.2.255 198.51.100.7 2001:db8::1 2001:DB8:0:0::1 ::ffff:192.0.2.1 ::'),
  words('192.0.2.01 192.0.2 1.2.3.4.5 2001:db8:::1 fe80::1%eth0'),
);
const network = words('192.0.2.0/24 192.0.2.0/31 0.0.0.0/0 2001:db8::/33 ::/0 ::ffff:0:0/96').map((net) => {
  const found = parseNetwork(net);
  if (found === undefined) throw new Error(net);
  return found;
});

const numberText = words('10 -3 +5 5. .5 1e3 007 1E-2 1_0 0x10 1e999 -0');
const number = fc.constantFrom(0, 1, 5, 10, -3, 5.5, 1000, 1e21, 1e-7, 2 ** 53);

const timeText = fc.oneof(
  words('2024-02-29T23:59:60Z 2024-02-30 2021-01-03 2020-12-31T12:30 1969-12-31T23:59:59.999Z 0099-03-01'),
  words('2024-01-11T10:00:00+05:30 2024-01-11t10:00:00.25-0100 2024-06-01T24:00 9999-12-31T23:59:59Z'),
  words('1717000000 1717000000123 0001717000000 1717000000123456 1717000000123456789 17170000.75 7.'),
  fc.constant('2020-12-31 12:30'),
  fc
    .date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2200-01-01') })
    .map((date) => date.toISOString()),
);

const scalar = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 1, arbitrary: address },
  { weight: 1, arbitrary: numberText },
  { weight: 1, arbitrary: timeText },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: fc.boolean() },
);

const leaf = fc.oneof({ weight: 8, arbitrary: scalar }, { weight: 1, arbitrary: fc.constant(null) });

const value = fc.oneof(
  { weight: 8, arbitrary: leaf },
  { weight: 2, arbitrary: fc.array(leaf, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.array(leaf, { maxLength: 2 }), { maxLength: 2 }) },
  { weight: 2, arbitrary: fc.dictionary(words('x y'), leaf) },
  { weight: 2, arbitrary: fc.array(fc.dictionary(words('x y'), leaf), { maxLength: 3 }) },
);

/** Records with nesting, lists, keys with dots, nulls; parsed from text, as records are. */
export const eventArbitrary: fc.Arbitrary<Event> = fc
  .array(fc.tuple(words('a a a b b c c o o.x c[0] __proto__ constructor'), value), { maxLength: 9 })
  .map((entries) => {
    const members = entries.map(([key, held]) => `${JSON.stringify(key)}:${JSON.stringify(held)}`);
    return JSON.parse(`{${members.join(',')}}`) as Event;
  });

const field = words('a a a a b b b c c o o.x o.y c.x c[0] c[-1].y c[1] __proto__ toString z');

const anythingIf = (wanted: boolean): Pattern => (wanted ? [many] : []);
const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Pattern>([], [many], [one], [one, many]) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.boolean(), text, fc.boolean())
      .map(([before, inner, after]) =>
        normalisePattern([...anythingIf(before), inner, ...anythingIf(after)]),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.oneof(piece, fc.constantFrom<Pattern[number]>(many, one)), { maxLength: 5 })
      .map((parts) => normalisePattern(parts)),
  },
);

const stringTest: fc.Arbitrary<StringTest> = fc.record({
  kind: literals('string'),
  pattern,
  cased: fc.boolean(),
  dash: fc.boolean(),
});

const regexSource = fc.letrec<{ whole: string; part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3 },
    words('a B ab . \\. \\d \\w \\s [a-c] [^a] \\bi ^ $ \u00e4 k %'),
    tie('whole').map((inner) => `(?:${inner})`),
    fc.tuple(tie('whole'), words('* + ? {1,2}')).map(([inner, how]) => `(?:${inner})${how}`),
  ),
  whole: fc.oneof(
    { maxDepth: 3 },
    fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    fc.tuple(tie('part'), tie('part')).map((parts) => parts.join('|')),
  ),
})).whole;

const regexTest: fc.Arbitrary<RegexTest> = fc.record({
  kind: literals('regex'),
  source: regexSource,
  ignoreCase: fc.boolean(),
  multiline: fc.boolean(),
  dotAll: fc.boolean(),
});

const order = literals('lt', 'lte', 'gt', 'gte');

const numberTest = fc.record({
  kind: literals('number'),
  op: order,
  value: fc.constantFrom(0, 5, 10, 5.5, 1000, -3, 1e21, 0.1),
});

const cidrTest = fc.record({ kind: literals('cidr'), network });

const fieldTest = fc.record({
  kind: literals('field'),
  other: field,
  relation: literals('equals', 'contains', 'startswith', 'endswith'),
  cased: fc.boolean(),
});

const timeTest = fc.record({
  kind: literals('time'),
  part: literals('minute', 'hour', 'day', 'week', 'month', 'year'),
  op: fc.oneof(order, literals('eq')),
  value: fc.constantFrom(0, 1, 2, 5, 9, 11, 12, 23, 29, 30, 53, 59, 2024, 1969, 12.5),
});

const test: fc.Arbitrary<Test> = fc.oneof(
  { weight: 8, arbitrary: stringTest },
  { weight: 2, arbitrary: regexTest },
  { weight: 2, arbitrary: numberTest },
  { weight: 1, arbitrary: cidrTest },
  { weight: 2, arbitrary: fieldTest },
  { weight: 2, arbitrary: timeTest },
  { weight: 1, arbitrary: fc.record({ kind: literals('absent', 'exists') }) },
);

/** Tests of one kind each, with values of which many satisfy them. */
export const kinds: readonly {
  readonly name: string;
  readonly test: fc.Arbitrary<Test>;
  readonly value: fc.Arbitrary<unknown>;
}[] = [
  { name: 'string', test: stringTest, value: text },
  { name: 'regex', test: regexTest, value: text },
  {
    name: 'number',
    test: numberTest,
    value: fc.oneof(numberText, number, fc.double({ noNaN: true, noDefaultInfinity: true })),
  },
  { name: 'cidr', test: cidrTest, value: address },
  { name: 'time', test: timeTest, value: fc.oneof(timeText, fc.constantFrom(1_717_000_000, 1.5)) },
];

/** Plans over the fields of {@link eventArbitrary}. */
export const planArbitrary: fc.Arbitrary<Plan> = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 6, arbitrary: fc.record({ op: literals('test'), field, test }) },
    {
      weight: 1,
      arbitrary: fc.record({ op: literals('keyword'), test: fc.oneof(stringTest, regexTest) }),
    },
    { weight: 1, arbitrary: fc.record({ op: literals('constant'), value: fc.boolean() }) },
    {
      weight: 4,
      arbitrary: fc.record({
        op: literals('and', 'or'),
        args: fc.array(tie('plan'), { maxLength: 4 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ op: literals('not'), arg: tie('plan') }) },
    {
      weight: 1,
      // Alternatives of one field, as lists of values make them.
      arbitrary: fc
        .tuple(field, fc.array(stringTest, { minLength: 2, maxLength: 12 }))
        .map(([name, tests]) => ({
          op: 'or' as const,
          args: tests.map((each) => ({ op: 'test' as const, field: name, test: each })),
        })),
    },
  ),
})).plan;
