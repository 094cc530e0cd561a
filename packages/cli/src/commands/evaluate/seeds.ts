import { spawn } from 'node:child_process';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadContent, RollcallError } from '@rollcall/engine';
import { type Evaluation, formatPooled, impacts, pool, type Scenario } from '@rollcall/simulate';
import { count } from '../../terminal.js';

export interface SeedsFlags {
  seeds: number[];
  people: number;
  ringMembers?: number;
  days: number;
  scenario: Scenario;
  out: string;
  jobs: number;
  policy?: string;
  content?: string;
  json?: boolean;
}

/** One company, as a line of the results. */
export interface SeedResult {
  company: { seed: number; people: number; ringMembers?: number; days: number; scenario: Scenario };
  seconds: { simulate: number; evaluate: number };
  evaluation: Evaluation;
}

/**
 * Makes companies one after the other, scans each and adds its evaluation to a file of results; what the file holds
 * already is not done again. Each company is made and scanned in processes of its own, and deleted before the next.
 */
export async function evaluateSeeds(flags: SeedsFlags): Promise<number> {
  const { version } = await loadContent(flags.content, { withoutTests: true });
  const done = new Set(
    (await readResults(flags.out))
      .filter((one) => one.evaluation.rollcall.content === version)
      .map((one) => keyOf(one.company)),
  );
  const companies = flags.seeds
    .map((seed) => ({
      seed,
      people: flags.people,
      ...(flags.ringMembers ? { ringMembers: flags.ringMembers } : {}),
      days: flags.days,
      scenario: flags.scenario,
    }))
    .filter((one) => !done.has(keyOf(one)));
  const failed: string[] = [];
  let begun = 0;
  const work = async () => {
    for (let company = companies.shift(); company; company = companies.shift()) {
      begun++;
      try {
        const result = await evaluateSeed(company, flags);
        await appendFile(flags.out, `${JSON.stringify(result)}\n`);
        const { bands } = result.evaluation;
        process.stderr.write(
          `seed ${company.seed}: ${bands.review.ring} of ${result.evaluation.people.ring} found, ${bands.review.honest} honest at review; ${result.seconds.simulate} s made, ${result.seconds.evaluate} s scanned\n`,
        );
      } catch (error) {
        failed.push(`seed ${company.seed}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: flags.jobs }, work));
  for (const one of failed) process.stderr.write(`${one}\n`);
  if (failed.length > 0 && failed.length === begun) return 2;
  await summarise(flags.out, flags);
  return failed.length > 0 ? 2 : 0;
}

/** Adds up a file of results: those of the content its last line is of. */
export async function summarise(file: string, flags: { json?: boolean }): Promise<number> {
  const results = await readResults(file);
  const last = results.at(-1);
  if (!last) throw new RollcallError('FOLDER_MISSING', `${file} holds no results`);
  const same = results.filter((one) => one.evaluation.rollcall.content === last.evaluation.rollcall.content);
  const byScenario = new Map<string, Evaluation[]>();
  for (const { company, evaluation } of same)
    byScenario.set(company.scenario, [...(byScenario.get(company.scenario) ?? []), evaluation]);
  const pooled = [...byScenario.values()].map(pool);
  if (flags.json) {
    const whole = pooled.map((one) => ({ ...one, impacts: impacts(one.groups) }));
    process.stdout.write(`${JSON.stringify(whole, null, 1)}\n`);
  } else {
    process.stdout.write(pooled.map(formatPooled).join('\n\n'));
    if (same.length < results.length)
      process.stdout.write(
        `\n${count(results.length - same.length)} results in ${file} are of other content, and were left out.\n`,
      );
  }
  return 0;
}

export async function readResults(file: string): Promise<SeedResult[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => {
    // A line that was cut off when the machine stopped is done again.
    try {
      const one = JSON.parse(line) as Partial<SeedResult>;
      return one.company && one.evaluation ? [one as SeedResult] : [];
    } catch {
      return [];
    }
  });
}

function keyOf({ seed, people, ringMembers, days, scenario }: SeedResult['company']): string {
  return [seed, people, ringMembers ?? '', days, scenario].join(' ');
}

async function evaluateSeed(company: SeedResult['company'], flags: SeedsFlags): Promise<SeedResult> {
  const folder = join(`${flags.out}.work`, `${company.scenario}-${company.seed}`);
  await mkdir(folder, { recursive: true });
  try {
    const began = performance.now();
    await simulateInChild(company, folder);
    const made = performance.now();
    const text = await rollcall([
      'evaluate',
      folder,
      '--json',
      ...(flags.policy ? ['--policy', flags.policy] : []),
      ...(flags.content ? ['--content', flags.content] : []),
    ]);
    // How groups compare is worked out from the sums of all companies.
    const { impacts: _, ...evaluation } = JSON.parse(text) as Evaluation & { impacts: unknown };
    const seconds = (from: number, to: number) => Math.round((to - from) / 1000);
    return {
      company,
      seconds: { simulate: seconds(began, made), evaluate: seconds(made, performance.now()) },
      evaluation,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function simulateInChild(company: SeedResult['company'], folder: string): Promise<void> {
  await rollcall([
    'simulate',
    ...['--out', folder],
    ...['--people', String(company.people)],
    ...['--seed', String(company.seed)],
    ...(company.ringMembers ? ['--ring-members', String(company.ringMembers)] : []),
    ...['--days', String(company.days)],
    ...['--scenario', company.scenario],
  ]);
}

const command = fileURLToPath(new URL('../../../bin/rollcall.js', import.meta.url));

/** Runs a command of ours in a process of its own, whose memory goes with it, and gives what it prints. */
function rollcall(args: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => errors.push(part));
    child.on('error', failed);
    child.on('close', (code, signal) => {
      if (code === 0) done(Buffer.concat(out).toString('utf8'));
      else
        failed(
          new Error(
            `"rollcall ${args[0]}" ended with ${signal ?? code}: ${Buffer.concat(errors).toString('utf8').trim().slice(-500)}`,
          ),
        );
    });
  });
}
