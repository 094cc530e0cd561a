import { readField } from '@rollcall/sigma';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database, literal } from '../lake/duckdb.js';
import { FieldColumns, fieldMacros } from './columns.js';
import { type FieldMap, fieldMapSchema } from './field-map.js';
import { addPath, addRecords, emptyShape, type Shape, spellings } from './shape.js';

function mapOf(part: Record<string, unknown>): FieldMap {
  const map = fieldMapSchema.parse({ title: 'Test', source: 'test', logs: [{ product: 'test' }], ...part });
  return { ...map, id: 'test', file: 'test.yml' };
}

let database: Database;
beforeAll(async () => {
  database = await Database.open({ threads: 1 });
  for (const macro of fieldMacros) await database.run(macro);
});
afterAll(() => database.close());

/** What each field holds in a record, read by the database. */
async function read(
  record: unknown,
  fields: readonly string[],
  options: { map?: FieldMap; shape?: Shape; columns?: Record<string, string> } = {},
): Promise<Record<string, { values: string[]; present: boolean; absent: boolean }>> {
  const columns = new FieldColumns(options.map ?? mapOf({}), options.shape ?? emptyShape());
  for (const field of fields) columns.need(field, true);
  const given = Object.entries(options.columns ?? {}).map(([name, value]) => `${literal(value)} AS ${name}`);
  await database.run(
    `CREATE OR REPLACE TEMP TABLE one AS SELECT *${columns.opens ? `, ${columns.opened('raw')} AS v` : ''}
     FROM (SELECT ${[`${literal(JSON.stringify(record))} AS raw`, ...given].join(', ')})`,
  );
  if (columns.opens) columns.learn(await columns.look(database, 'one'));
  const [row] = await database.rows(`SELECT ${[...columns.select(), '1 AS _'].join(', ')} FROM one`);
  return Object.fromEntries(
    fields.map((field) => {
      const source = columns.fields(field);
      const list = source?.list === undefined ? null : row?.[source.list];
      const text = source?.text === undefined ? null : row?.[source.text];
      return [
        field,
        {
          values: Array.isArray(list) ? list.map(String) : text == null ? [] : [String(text)],
          present: source?.present === undefined ? false : row?.[source.present] === true,
          absent: source?.absent === undefined ? true : row?.[source.absent] === true,
        },
      ];
    }),
  );
}

describe('fields of a record', () => {
  it('reads as the Sigma engine does, whatever the record holds', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'a.b', 'b.c');
    const scalar = fc.oneof(
      fc.string({ maxLength: 6 }).filter((text) => !text.includes('\0')),
      fc.constantFrom('{"a":1}', '[1]', 'null', '"', '\\', 'é\u{1f600}', '{', '12'),
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.constantFrom(0.5, -2.25, 1e21 / 1e6, 5.0, 1e3),
      fc.boolean(),
      fc.constant(null),
    );
    const { record } = fc.letrec<{ value: unknown; record: Record<string, unknown> }>((tie) => ({
      // A list in a list is opened once, so deeper ones are left out here.
      value: fc.oneof(
        { depthSize: 'small' },
        scalar,
        fc.array(fc.oneof(scalar, tie('record')), { maxLength: 3 }),
        tie('record'),
      ),
      record: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<
        Record<string, unknown>
      >,
    }));
    const fields = ['a', 'b', 'a.b', 'b.c', 'a.b.c', 'c.a'];
    await fc.assert(
      fc.asyncProperty(record, fc.array(record, { maxLength: 2 }), async (event, others) => {
        const shape = emptyShape();
        addRecords(shape, [event, ...others]);
        const got = await read(event, fields, { shape });
        for (const field of fields) {
          const want = readField(event, field);
          // Where a key is spelled like the whole name, the path is a second choice here and none there.
          if (want.values.length === 0 && spellings(shape, field).length > 1) continue;
          expect([field, (got[field]?.values ?? []).sort()]).toEqual([field, want.values.map(String).sort()]);
          if (want.values.length > 0) expect(got[field]).toMatchObject({ present: true, absent: false });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('compares names without case, in the spelling the vendor uses', async () => {
    const shape = emptyShape();
    addPath(shape, 'securityContext.isProxy');
    addPath(shape, 'target[].alternateId');
    const record = {
      securityContext: { isProxy: true },
      target: [{ alternateId: 'x' }, { alternateId: 'y' }],
    };
    const got = await read(record, ['securitycontext.isproxy', 'TARGET.alternateid'], { shape });
    expect(got['securitycontext.isproxy']?.values).toEqual(['true']);
    expect(got['TARGET.alternateid']?.values).toEqual(['x', 'y']);
  });

  it('reads what is a list in one place and an object in another, in whichever order they nest', async () => {
    const records = [
      { a: [{ b: [] }, { b: { c: 0.5 } }] },
      { a: [{ b: [{ c: 1 }, { c: 2 }] }, { b: { c: 3 } }] },
      { a: { b: [{ c: 4 }, { c: 5 }] } },
      { a: { b: { c: 6 } } },
      { a: [{ b: null }] },
    ];
    const shape = emptyShape();
    addRecords(shape, records);
    const found = [];
    for (const record of records) {
      const got = (await read(record, ['a.b.c'], { shape }))['a.b.c'];
      expect(got?.values).toEqual(readField(record, 'a.b.c').values.map(String));
      found.push({ ...got, values: got?.values.length });
    }
    expect(found).toEqual(
      [1, 3, 2, 1, 0].map((values) => ({ values, present: values > 0, absent: values === 0 })),
    );
  });

  it('reads one element of a list', async () => {
    const shape = emptyShape();
    const record = { a: [{ b: 1 }, { b: 2 }, { b: 3 }] };
    addRecords(shape, [record]);
    const got = await read(record, ['a[0].b', 'A[-1].B', 'a[7].b'], { shape });
    expect(Object.values(got).map(({ values }) => values)).toEqual([['1'], ['3'], []]);
  });

  it('tells a null from a field that is not there', async () => {
    const got = await read({ a: null, b: '' }, ['a', 'b', 'c']);
    expect(got.a).toEqual({ values: [], present: true, absent: true });
    expect(got.b).toEqual({ values: [''], present: true, absent: false });
    expect(got.c).toEqual({ values: [], present: false, absent: true });
  });

  it('takes the first reading that holds something, and columns of the lake', async () => {
    const map = mapOf({
      default: ['inner.*', '*'],
      names: { Image: ['Image', 'NewProcessName'] },
      fields: {
        EventID: { column: 'activity', match: ' ([0-9]+)$' },
        service: { path: 'app', suffix: '.example.com' },
      },
    });
    const record = { inner: { NewProcessName: 'cmd.exe' }, User: 'ada', app: 'admin' };
    const shape = emptyShape();
    addRecords(shape, [record]);
    const got = await read(record, ['image', 'User', 'EventID', 'service'], {
      map,
      shape,
      columns: { activity: 'Security 4688' },
    });
    expect(Object.values(got).map(({ values }) => values)).toEqual([
      ['cmd.exe'],
      ['ada'],
      ['4688'],
      ['admin.example.com'],
    ]);
  });

  it.each(['a"b', "a'b", 'a\\b', '*', 'a\u0000b', '$.a', '__proto__', 'constructor.name', 'a'.repeat(300)])(
    'reads a field called %j without harm',
    async (field) => {
      const got = await read({ a: 1 }, [field, 'a']);
      expect(got[field]?.values).toEqual([]);
      expect(got.a?.values).toEqual(['1']);
    },
  );
});

describe('a field map', () => {
  it.each([
    ['raw as a column', { fields: { a: { column: 'raw' } } }],
    ['a column of numbers', { fields: { a: { column: 'count' } } }],
    ['a log that says nothing', { logs: [{}] }],
    ['a pattern without a group', { fields: { a: { column: 'activity', match: 'x' } } }],
    ['a default without its star', { default: ['data'] }],
  ])('is refused with %s', (_, part) => {
    expect(() => mapOf(part)).toThrow();
  });
});
