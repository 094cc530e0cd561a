import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadChecks } from '@rollcall/engine/content/checks.js';
import { expect, it } from 'vitest';
import { draw, periodOf, promiseOf } from './draw.js';
import { whenSays } from './forms.js';

const page = new URL('../../../../../docs/checks.md', import.meta.url);
const text = await readFile(page, 'utf8');

it('the list in docs/checks.md is that of the content (UPDATE_DOCS=1 writes it)', async () => {
  const rows = (await loadChecks()).map((form) => {
    const when = form.when.map(whenSays).join('; ');
    const words = form.second
      ? `${form.who.join(' or ')}, and ${form.second.join(' or ')}`
      : form.who.join(' or ');
    const name = `${form.title}${form.hold ? ' (a hold)' : ''}`;
    return `| [${name}](../content/checks/${form.id}.yml) | ${form.controls.join(', ')} | ${form.about} | ${words} | ${when} | ${form.days} |`;
  });
  const list = [
    '| check | control | about | whose word | asked for | days it counts |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  const [before = ''] = text.split('<!-- checks:');
  const whole = `${before}<!-- checks: kept in step by a test -->\n${list}\n`;
  if (process.env.UPDATE_DOCS) await writeFile(page, whole);
  else expect(text).toBe(whole);
});

it('the script in docs/checks.md redoes a draw, and tells one that was tampered with', async () => {
  const script = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const period = periodOf('2026-09-01');
  const seed = '5a'.repeat(32);
  const challenges = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const people = Array.from({ length: 60 }, (_, index) => ({
    handle: `p${String(index).padStart(10, '0')}`,
    from: index % 3 === 0 ? '2026-11-11' : period.from,
  }));
  const told = {
    period: period.id,
    from: period.from,
    to: period.to,
    promise: promiseOf(seed),
    seed,
    challenges,
    people,
    draws: draw({ period, seed, challenges, people }),
  };
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-redo-'));
  const run = async (lot: object) => {
    await writeFile(join(folder, 'redo.mjs'), script);
    await writeFile(join(folder, 'draw.json'), JSON.stringify(lot));
    return promisify(execFile)(process.execPath, [join(folder, 'redo.mjs'), join(folder, 'draw.json')]).then(
      ({ stdout }) => stdout,
      () => 'refused',
    );
  };
  try {
    expect(await run(told)).toContain(`${told.draws.length} draws, all the same`);
    const [first, ...rest] = told.draws;
    expect(await run({ ...told, draws: rest })).toBe('refused');
    expect(await run({ ...told, draws: [{ ...first, day: '2026-12-24' }, ...rest] })).toBe('refused');
    expect(await run({ ...told, seed: '5b'.repeat(32) })).toBe('refused');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
