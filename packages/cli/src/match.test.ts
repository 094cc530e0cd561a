import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { main } from './main.js';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-match-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const first = ['Ana', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fay', 'Gil', 'Hana', 'Ivo', 'Jo'];
const last = ['Archer', 'Baker', 'Carver', 'Dyer', 'Eton', 'Fisher', 'Glover', 'Hunter', 'Irons', 'Joiner'];
const town = ['Ashton', 'Burford', 'Corby', 'Dover', 'Ely'];

describe('rollcall match', () => {
  it('writes pairs with their weights, and keeps formulas out of cells', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => {
      const [a, b] = [first[i % 10] as string, last[Math.floor(i / 10)] as string];
      return [
        i === 7 ? '=7' : String(i),
        a,
        b,
        town[(i * 7) % 5],
        `19${60 + (i % 37)}-0${1 + (i % 9)}-1${i % 10}`,
        `555-01${String(i).padStart(2, '0')}`,
      ];
    });
    const again = rows
      .slice(0, 20)
      .map(([id, a, b, ...rest]) => [`x${id}`, a, `${(b as string).slice(0, -1)}`, ...rest]);
    const file = join(folder, 'people.csv');
    writeFileSync(
      file,
      ['id,first name,surname,town,born,phone', ...[...rows, ...again].map((row) => row.join(','))].join(
        '\n',
      ),
    );
    const out = join(folder, 'pairs.csv');
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(await main(['match', file, '--out', out])).toBe(0);
    log.mockRestore();
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    expect(lines[0]).toBe('a,b,probability,bits,why');
    expect(
      lines.filter((line) => /^'?=?\d+,x/.test(line) || /,x=?\d+,/.test(line)).length,
    ).toBeGreaterThanOrEqual(15);
    expect(lines.some((line) => /(^|,)=/.test(line))).toBe(false);
  });

  it('says which file cannot be read', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    expect(await main(['match', join(folder, 'none.csv')])).toBe(2);
    expect(write.mock.calls.join()).toContain('none.csv');
    write.mockRestore();
  });
});
