import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadForPeople } from './for-people.js';
import { contentFolder } from './load.js';

it('every problem of checks, playbooks, courses and questions for vendors is told at once, with its file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-for-people-'));
  try {
    for (const part of ['checks', 'playbooks', 'training', 'vendors'])
      await cp(join(contentFolder, part), join(folder, part), { recursive: true });
    const content = { folder, detections: [], questions: [] };
    const spoil = async (file: string, from: string | RegExp, to: string) => {
      const path = join(folder, file);
      const text = await readFile(path, 'utf8');
      expect(text).toMatch(from);
      await writeFile(path, text.replace(from, to));
    };
    await spoil('checks/school.yml', /^days: .*$/m, 'days: many');
    await spoil('training/it.yml', /^minutes: .*$/m, 'minutes: none');
    await spoil('playbooks/clearing.yml', 'after: [verdict]', 'after: [nothing]');
    await spoil('vendors/clauses.yml', 'required: true', 'required: perhaps');
    const told = await loadForPeople(content).then(
      () => '',
      (error: Error) => error.message,
    );
    for (const part of [
      /school\.yml:\d+: days/,
      /it\.yml:\d+: minutes/,
      /clearing\.yml:\d+: after/,
      /clauses\.yml:\d+: clauses/,
    ])
      expect(told).toMatch(part);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('a check that waits for a detection or question that is not there is refused', async () => {
  await expect(loadForPeople({ folder: contentFolder, detections: [], questions: [] })).rejects.toThrow(
    /there is no (detection|question) "/,
  );
});
