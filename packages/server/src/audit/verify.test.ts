import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AuditLine, beginning, canonical, hashOf } from './audit.js';
import { verify } from './verify.js';

function chain(length: number, detail: (i: number) => Record<string, unknown> = (i) => ({ i })): string[] {
  const lines: string[] = [];
  let before = beginning;
  for (let number = 1; number <= length; number++) {
    const line: Omit<AuditLine, 'hash'> = {
      number,
      time: new Date(Date.UTC(2026, 5, 1, 9, 0, number)).toISOString(),
      actor: 'user-analyst',
      action: 'person.view',
      subject: 'person:p0123456789',
      detail: detail(number),
      before,
    };
    before = hashOf(line);
    lines.push(canonical({ ...line, hash: before }));
  }
  return lines;
}
const whole = chain(50);
const hashAt = (index: number) => (JSON.parse(whole[index] as string) as AuditLine).hash;

test('a whole chain: its count, times and head', async () => {
  expect(await verify(whole)).toEqual({
    entries: 50,
    first: '2026-06-01T09:00:01.000Z',
    last: '2026-06-01T09:00:50.000Z',
    head: hashAt(49),
  });
  expect(await verify([])).toEqual({ entries: 0, head: beginning });
});

test('whatever is done to a line is found at that line', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 49 }),
      fc.constantFrom('missing', 'twice', 'changed', 'swapped', 'rehashed', 'spaces', 'nonsense', 'more'),
      async (at, how) => {
        const lines = [...whole];
        const line = JSON.parse(lines[at] as string) as AuditLine;
        if (how === 'missing') lines.splice(at, 1);
        if (how === 'twice') lines.splice(at, 0, lines[at] as string);
        if (how === 'changed') lines[at] = canonical({ ...line, actor: 'user-other' });
        if (how === 'swapped')
          [lines[at], lines[(at + 1) % 50]] = [lines[(at + 1) % 50] as string, lines[at] as string];
        if (how === 'rehashed') {
          const other = { ...line, actor: 'user-other' };
          lines[at] = canonical({ ...other, hash: hashOf(other) });
        }
        if (how === 'spaces') lines[at] = JSON.stringify(line, null, 1).replaceAll('\n', ' ');
        if (how === 'nonsense') lines[at] = '{"number":';
        if (how === 'more') lines[at] = canonical({ ...line, note: 'x' });
        const found = await verify(lines, hashAt(49));
        // The last entry taken out, or made anew, is told by the noted head alone.
        expect(found.broken).toBeDefined();
        const expected = how === 'twice' || how === 'rehashed' ? [at + 1, at + 2] : [at + 1];
        if (how === 'swapped' && at === 49) expected.push(1);
        expect(expected).toContain(found.broken?.line);
      },
    ),
  );
});

test('cut at the end: only the noted head tells', async () => {
  expect((await verify(whole.slice(0, 40))).broken).toBeUndefined();
  expect((await verify(whole.slice(0, 40), hashAt(49))).broken).toMatchObject({ line: 41 });
  // A head noted earlier is still among the entries of a longer log.
  expect((await verify(whole, hashAt(20))).broken).toBeUndefined();
});

const docs = readFileSync(new URL('../../../../docs/operating.md', import.meta.url), 'utf8');

test.each([
  ['python3', 'python'],
  ['node', 'js'],
] as const)('the short check in the documentation, with %s alone, says the same', (program, language) => {
  const code = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1];
  expect(code).toBeDefined();
  expect(code?.trim().split('\n').length).toBeLessThanOrEqual(15);
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-check-'));
  try {
    const script = join(folder, program === 'node' ? 'check.mjs' : 'check.py');
    writeFileSync(script, code as string);
    const odd = chain(5, (i) => ({
      i,
      text: 'é "\\u0000" \u2028 "hash":"x",',
      numbers: [1e-7, 1e21, 0.1 + 0.2],
    }));
    const run = (lines: string[]) => {
      const file = join(folder, 'log.ndjson');
      writeFileSync(file, `${lines.join('\n')}\n`);
      try {
        return execFileSync(program, [script, file], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
      } catch {
        return 'broken';
      }
    };
    expect(run(whole)).toContain(hashAt(49));
    expect(run(odd)).toContain((JSON.parse(odd[4] as string) as AuditLine).hash);
    expect(run(whole.filter((_, i) => i !== 7))).toBe('broken');
    expect(run(whole.map((line, i) => (i === 7 ? line.replace('analyst', 'auditor') : line)))).toBe('broken');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
