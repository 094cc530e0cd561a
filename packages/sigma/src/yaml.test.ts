import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problems } from './errors.js';
import { readAnyYaml, readYaml, toData, type YamlNode } from './yaml.js';
import { readPlainYaml } from './yaml-plain.js';

/** Maps as lists of pairs, so that order and places are compared too. */
function plain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return [node.value, node.value === null ? '' : `${node.line}:${node.column}`];
  if (node.kind === 'list') return [`${node.line}:${node.column}`, node.items.map(plain)];
  return [...node.entries].map(([key, { key: at, value }]) => [key, `${at.line}:${at.column}`, plain(value)]);
}

const scalar = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'word',
      'two words',
      '4624',
      '0.5',
      'true',
      'null',
      '~',
      '-1',
      'C:\\x\\y.exe',
      "it's",
      'a: b',
      'a #b',
      '1e3',
      '0x10',
      '2024-01-01',
      '10:30',
      '- x',
      '-x',
      '*x',
      '&x',
      '!x',
      '[x',
      '{x',
      '%x',
      '@x',
      'x]',
      '12_3',
      '.5',
      '.inf',
      'NaN',
      'yes',
      '01',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "'quoted'",
      "'it''s'",
      '"dou\\"ble"',
      "'a: b'",
      "''",
      '"\\n\\t"',
      "'#'",
      '"\\x41"',
      "'open",
      '"x" y',
      "'x' # note",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '|\n          text\n          more',
      '>\n          folded\n          more',
      '|-\n          text',
      '&a x',
      '*a',
      '!!str x',
      '[a, b]',
      '{a: b}',
      'x # comment',
      '# comment',
    ),
  },
);
const key = fc.constantFrom('a', 'b', 'key|contains', "'|all'", '"q"', 'two words', '-dash', 'a.b', '1');
const lines = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom(0, 2, 4), key, scalar).map(([n, k, v]) => `${' '.repeat(n)}${k}: ${v}`),
    fc.tuple(fc.constantFrom(0, 2, 4, 6), scalar).map(([n, v]) => `${' '.repeat(n)}- ${v}`),
    fc.tuple(fc.constantFrom(0, 2, 4), key, scalar).map(([n, k, v]) => `${' '.repeat(n)}- ${k}: ${v}`),
    fc.tuple(fc.constantFrom(0, 2), key).map(([n, k]) => `${' '.repeat(n)}${k}:`),
    fc.constantFrom('', '# comment', '---', '  # deeper', '   ', 'x', '    continued', '\ttab', '...'),
  ),
  { maxLength: 9 },
);

describe('readPlainYaml', () => {
  it('gives what the library gives, places too, or gives up', () => {
    let read = 0;
    fc.assert(
      fc.property(lines, fc.constantFrom('\n', '\n', '\r\n'), (rows, end) => {
        const text = rows.join(end);
        const fast = readPlainYaml(text);
        if (fast === undefined) return;
        const problems = new Problems();
        const slow = readAnyYaml('f', text, problems);
        expect(problems.list).toEqual([]);
        const documents = fast.filter((node) => !(node.kind === 'scalar' && node.value === null));
        expect(documents.map(plain)).toEqual(
          slow.filter((node) => !(node.kind === 'scalar' && node.value === null)).map(plain),
        );
        read++;
      }),
      { numRuns: 6000 },
    );
    expect(read).toBeGreaterThan(300);
  });

  it.each([
    'title: x\nlist:\n- a\n- b',
    'title: x\nlist:\n    - a: 1\n      b: 2\n    - c',
    'a: |\n    first\n      second\n\n    third\nb: 1',
    "a: 'x' # note\nb:\n    # nothing\n    c: 1\n---\nd: 2",
    '- - a\n  - b\n- c',
    'a:\n\n\n    b: 1',
  ])('reads %j itself', (text) => {
    const fast = readPlainYaml(text);
    expect(fast?.map(plain)).toEqual(readAnyYaml('f', text, new Problems()).map(plain));
    expect(fast).toBeDefined();
  });
});

describe('readYaml', () => {
  it('says where a file is not YAML', () => {
    const problems = new Problems();
    readYaml('bad.yml', 'title: x\ndetection:\n  a: [1, 2\n  b: 3\n', problems);
    expect(problems.list[0]).toMatchObject({
      code: 'yaml',
      at: { file: 'bad.yml', line: expect.any(Number) },
    });
    expect(problems.list[0]?.at.line).toBeGreaterThanOrEqual(3);
  });

  it('says where a key stands twice', () => {
    const problems = new Problems();
    readYaml('f', 'a: 1\nb:\n  c: 1\n  c: 2\n', problems);
    expect(problems.list).toMatchObject([{ code: 'duplicate', at: { line: 4, column: 3 } }]);
  });

  it.each([
    [
      'an alias bomb',
      `${Array.from(
        { length: 30 },
        (_, i) =>
          `a${i}: &a${i} [${
            i === 0
              ? 'x'
              : Array(9)
                  .fill(`*a${i - 1}`)
                  .join(', ')
          }]`,
      ).join('\n')}\n`,
    ],
    ['a recursive alias', 'a: &a\n  b: *a\n'],
    ['deep flow nesting', `a: ${'['.repeat(20_000)}`],
    ['deep block nesting', Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['a huge file', `a: ${'x'.repeat(5 * 1024 * 1024)}`],
  ])('refuses %s', (_, text) => {
    const problems = new Problems();
    readYaml('bomb.yml', text, problems);
    expect(problems.list.length).toBeGreaterThan(0);
    expect(problems.list.length).toBeLessThan(50);
    expect(['limit', 'yaml']).toContain(problems.list[0]?.code);
  });

  it('keeps hostile keys out of prototypes', () => {
    const [node] = readYaml('f', '__proto__:\n    polluted: true\nconstructor: x\n', new Problems());
    const data = toData(node as YamlNode) as Record<string, unknown>;
    expect(Object.keys(data)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
