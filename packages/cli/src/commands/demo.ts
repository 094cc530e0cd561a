import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RollcallError } from '@rollcall/engine';
import { simulate } from '@rollcall/simulate';
import { bold, dim } from '../terminal.js';
import { print, scanAndWrite } from './scan.js';

export async function demo(flags: {
  out: string;
  people: number;
  seed: number;
  open?: boolean;
}): Promise<number> {
  const out = resolve(flags.out);
  const mark = join(out, 'truth.json');
  if (existsSync(out) && !existsSync(mark)) {
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `${out} exists and is not a demo of an earlier run; give another folder with --out`,
    );
  }
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  console.log(dim(`Making up a company of ${flags.people} people in ${out}`));
  await simulate({
    people: flags.people,
    seed: flags.seed,
    out,
    ringMembers: Math.max(2, Math.round(flags.people / 43)),
    days: 60,
    asRareAsInLife: true,
  });
  const report = join(out, 'rollcall-report.html');
  const started = performance.now();
  const result = await scanAndWrite(join(out, 'exports'), {
    lake: join(out, 'lake'),
    report,
    findings: join(out, 'findings.jsonl'),
    memory: '2GB',
  });
  const seconds = (performance.now() - started) / 1000;
  print(result, 8);
  console.log(dim(`Everybody in this company is made up. The scan took ${seconds.toFixed(1)} seconds.`));
  console.log(`${bold('Open the report')}  ${pathToFileURL(report).href}`);
  if (flags.open) openInBrowser(report);
  return 0;
}

function openInBrowser(path: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', path]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', path]
        : ['xdg-open', path];
  const child = spawn(command as string, args, { stdio: 'ignore', detached: true });
  // No browser to open it with: its address is printed above.
  child.on('error', () => undefined);
  child.unref();
}
