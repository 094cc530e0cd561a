import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentFolder, loadContent } from './load.js';
import {
  commandProblems,
  loadPlaybooks,
  type Playbooks,
  responseControls,
  stepProblems,
} from './playbooks.js';

let all: Playbooks;
beforeAll(async () => {
  all = await loadPlaybooks(contentFolder);
});

describe('the playbooks that ship', () => {
  it('use each control of the response in at least one step', () => {
    const used = new Set(all.playbooks.flatMap(({ steps }) => steps.flatMap((step) => step.controls)));
    expect(Object.keys(responseControls).filter((one) => !used.has(one as never))).toEqual([]);
  });

  it('have one for each kind of case', () => {
    for (const kind of ['applicant', 'employee', 'contractor', 'vendor'])
      expect(all.playbooks.filter((one) => one.id === kind && one.for.includes(kind as never))).toHaveLength(
        1,
      );
  });

  it('keep evidence before anything the person can notice', () => {
    for (const { steps } of all.playbooks) expect(stepProblems(steps)).toEqual([]);
    const employee = all.playbooks.find(({ id }) => id === 'employee');
    expect(employee?.steps.some((step) => step.warns)).toBe(true);
  });

  it('name only sources that docs/sources.md has', async () => {
    const text = await readFile(join(contentFolder, '..', 'docs', 'sources.md'), 'utf8');
    const tags = [...text.matchAll(/^\| ([A-Z][A-Z0-9.-]+) +\|/gm)].map((match) => match[1]);
    const used = [...all.playbooks, ...all.letters].flatMap(({ id, sources }) =>
      sources.map((tag) => [id, tag] as const),
    );
    expect(used.filter(([, tag]) => !tags.includes(tag))).toEqual([]);
  });

  it('name only connectors that there are', async () => {
    const { connectors } = await loadContent(contentFolder, { withoutTests: true });
    const ids = connectors.map(({ id }) => id);
    const named = [...all.reach, ...all.containment].flatMap(({ id, sources }) =>
      sources.map((source) => [id, source] as const),
    );
    expect(named.filter(([, source]) => source !== '*' && !ids.includes(source))).toEqual([]);
  });

  it('give letters that go to others nothing of who somebody is', () => {
    for (const letter of all.letters.filter(({ controls }) => controls.includes('C34')))
      expect([letter.id, letter.identity, letter.counsel]).toEqual([letter.id, false, true]);
  });

  it('let nothing in a containment list be noticed before evidence is kept', () => {
    for (const { id, actions } of all.containment)
      for (const action of actions)
        if (action.warns) expect([id, ['at-once', 'after'].includes(action.phase)]).toEqual([id, true]);
  });
});

describe('steps', () => {
  const step = (id: string, more: object = {}) => ({
    id,
    after: [],
    controls: ['C26' as const],
    warns: false,
    kind: 'task' as const,
    ...more,
  });

  it('that warn must come after one that keeps evidence, however far', () => {
    const keep = step('keep', { controls: ['C28'] });
    expect(stepProblems([keep, step('tell', { warns: true })])).toHaveLength(1);
    expect(
      stepProblems([keep, step('plan', { after: ['keep'] }), step('tell', { warns: true, after: ['plan'] })]),
    ).toEqual([]);
    expect(stepProblems([keep, step('cut', { kind: 'containment' })])).toHaveLength(1);
  });

  it('wait for earlier ones only', () => {
    expect(stepProblems([step('a', { after: ['b'] }), step('b')])[0]?.[1]).toContain('no earlier step "b"');
    expect(stepProblems([step('a'), step('a')])[0]?.[1]).toContain('two steps');
  });
});

describe('commands', () => {
  it('take values in double quotes only', () => {
    expect(commandProblems('run "$account"', 'account', [])).toEqual([]);
    expect(commandProblems('run "https://$HOST/$account_url"', 'account', ['HOST'])).toEqual([]);
    expect(commandProblems('run $account', 'account', [])).toEqual(['$account stands outside double quotes']);
    expect(commandProblems('run "a"$account', 'account', [])).toHaveLength(1);
    expect(commandProblems(`run '$account'`, 'account', [])).toEqual([]);
  });

  it('name only what is set', () => {
    expect(commandProblems('run "$serial"', 'account', [])).toEqual(['nothing sets $serial']);
    expect(commandProblems('run "$HOST"', 'account', [])).toEqual(['nothing sets $HOST']);
    expect(commandProblems('for part in a b; do run "$part"; done', 'account', [])).toEqual([]);
  });

  it('run nothing that a value could become', () => {
    expect(commandProblems('eval "$account"', 'account', [])).toContain('eval is not used');
    expect(commandProblems('run `cat x`', 'account', [])).not.toEqual([]);
    expect(commandProblems('run "$account', 'account', [])).toContain('a quote is not closed');
  });
});

describe('a folder with mistakes', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-playbooks-'));
    await mkdir(join(folder, 'playbooks', 'letters'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is refused with file and line', async () => {
    await writeFile(
      join(folder, 'playbooks', 'bad.yml'),
      `title: A bad playbook
for: [any]
why: because this has to be long enough
sources: [X]
steps:
  - id: tell
    title: Tell the person
    say: This is long enough to be read.
    role: janitor
    controls: [C99]
    done: when it is done
`,
    );
    await expect(loadPlaybooks(folder)).rejects.toThrow(/bad\.yml:9: steps\.0\.role/);
    await expect(loadPlaybooks(folder)).rejects.toThrow(/bad\.yml:10: steps\.0\.controls/);
  });

  it('may not say who somebody is in a letter that must not', async () => {
    await rm(join(folder, 'playbooks', 'bad.yml'));
    await writeFile(
      join(folder, 'playbooks', 'letters', 'note.yml'),
      `title: A note to others
for: somebody else
kind: letter
controls: [C34]
identity: false
counsel: true
text: |
  This letter is about {person.pseudonym} and
  it names {person.name}, which it must not.
`,
    );
    await expect(loadPlaybooks(folder)).rejects.toThrow(/note\.yml:9: \{person\.name\}/);
  });
});
