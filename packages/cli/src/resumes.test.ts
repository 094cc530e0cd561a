import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-resumes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = resolve(import.meta.dirname, '../bin/rollcall.js');

function run(...args: string[]) {
  return spawnSync(process.execPath, [program, 'resumes', ...args], { encoding: 'utf8' });
}

describe('rollcall resumes', () => {
  it('tells what files say and share, and why one was not read', () => {
    writeFileSync(
      join(folder, 'a.txt'),
      'Ana Example\nana@example.com\n+1 614 555 0101\n\nExperience\nJan 2020 – Present\nEngineer\n',
    );
    writeFileSync(
      join(folder, 'b.html'),
      '<html><body><h1>Ben Example</h1><p>ben@example.com</p><p>+1 614 555 0101</p></body></html>',
    );
    writeFileSync(join(folder, 'c.pdf'), '');
    const { stdout, status } = run(folder);
    expect(status).toBe(0);
    expect(stdout).toContain('ana@example.com · +16145550101');
    expect(stdout).toMatch(/phone \+16145550101: .*a\.txt, .*b\.html/);
    expect(stdout).toContain('not read (empty)');
    expect(stdout).toContain('2 files read, 1 not read.');
    const json = JSON.parse(run(folder, '--json').stdout) as { files: unknown[]; shared: unknown[] };
    expect(json.files).toHaveLength(3);
    expect(json.shared).toEqual([
      { kind: 'phone', value: '+16145550101', files: [join(folder, 'a.txt'), join(folder, 'b.html')] },
    ]);
    expect(JSON.stringify(json)).not.toMatch(/"(?:fonts|offset)"/);
  });

  it('says where there is nothing', () => {
    const { stderr, status } = run(join(folder, 'none'));
    expect(status).toBe(2);
    expect(stderr).toContain('cannot read');
  });
});
