import { RollcallError, version } from '@rollcall/engine';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { contentTest } from './commands/content.js';
import { demo } from './commands/demo.js';
import { evaluateFolder } from './commands/evaluate.js';
import { mapFile } from './commands/map.js';
import { runQuery } from './commands/query.js';
import { scanFolder } from './commands/scan.js';
import { simulateCompany } from './commands/simulate.js';

/**
 * Exit codes: 0 done; 1 done, and somebody is at or above the band of --fail-on; 2 the command could not be carried out;
 * 3 the arguments are wrong.
 */
export async function main(args: string[]): Promise<number> {
  let code = 0;
  const run =
    <A extends unknown[]>(action: (...args: A) => Promise<number>) =>
    async (...given: A) => {
      code = await action(...given);
    };
  const program = new Command('rollcall')
    .description('Know who is really on your team.')
    .version(version)
    .exitOverride()
    .configureHelp({ sortSubcommands: false });

  program
    .command('scan')
    .argument('[folder]', 'folder of exports (or one file); without it, the lake is assessed as it is')
    .description('read exports, and list who may not be who they claim to be, and why')
    .option('--lake <dir>', 'where what was read is kept', '.rollcall')
    .option('--policy <file>', 'your own settings and explanations (YAML)')
    .option('--as-of <date>', 'assess as on this day (ISO 8601)', date)
    .option('--report <file>', 'where to write the report', 'rollcall-report.html')
    .option('--findings <file>', 'where to write OCSF Detection Findings', 'findings.jsonl')
    .option('--json', 'print everything as JSON')
    .option(
      '--fail-on <band>',
      'exit with 1 if anybody is at this band or above: watch, review, urgent',
      band,
    )
    .option('--top <n>', 'how many people to print', whole, 12)
    .option('--content <dir>', 'another content folder')
    .option('--memory <size>', 'memory for the database', '2GB')
    .option('--threads <n>', 'processors to use', whole)
    .option('--quiet', 'no progress line')
    .action(run(scanFolder));

  program
    .command('demo')
    .description('scan a made-up company and write its report')
    .option('--out <dir>', 'folder for the company and the report', 'demo')
    .option('--people <n>', 'size of the company', whole, 300)
    .option('--seed <n>', 'which company', whole, 1)
    .option('--open', 'open the report in the browser')
    .action(run(demo));

  program
    .command('map')
    .argument('<file>', 'a CSV or JSON file Rollcall did not recognise')
    .description('propose how the columns of a file are to be read')
    .option('--write', 'write the proposal beside the file, where a scan finds it')
    .action(run(mapFile));

  program
    .command('query')
    .argument('<sql>', 'a SELECT over people, identifiers, accounts, devices, events, inventory')
    .description('ask the last scan a question of your own (read-only)')
    .option('--lake <dir>', 'the lake', '.rollcall')
    .option('--json', 'print rows as JSON')
    .action(run(runQuery));

  program
    .command('simulate')
    .description('write the exports of a made-up company, with the truth about it')
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--people <n>', 'how many people', whole, 2000)
    .option('--seed <n>', 'same seed, same company', whole, 1)
    .option('--ring-members <n>', 'how many of them are not who they claim to be', whole)
    .action(run(simulateCompany));

  program
    .command('evaluate')
    .argument('<dir>', 'a folder written by "rollcall simulate"')
    .description('scan a made-up company and compare the result with the truth')
    .option('--policy <file>', 'your own settings')
    .option('--json', 'print everything as JSON')
    .option('--content <dir>', 'another content folder')
    .action(run(evaluateFolder));

  const content = program.command('content').description('work on connectors, detections and facts');
  content
    .command('test')
    .argument('[ids...]', 'only these connectors or detections')
    .description('run the tests that content carries')
    .option('--content <dir>', 'another content folder')
    .action(run(contentTest));

  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    if (error instanceof RollcallError) {
      process.stderr.write(`rollcall: ${error.message}\n`);
      return 2;
    }
    process.stderr.write(
      `rollcall: unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 2;
  }
}

function whole(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

function date(text: string): Date {
  const value = /^\d{4}-\d\d-\d\d([T ].*)?$/.test(text)
    ? new Date(text.length === 10 ? `${text}T23:59:59.999Z` : text)
    : undefined;
  if (!value || Number.isNaN(value.getTime()))
    throw new InvalidArgumentError('It must be a date such as 2026-03-31.');
  return value;
}

function band(text: string): string {
  if (!['watch', 'review', 'urgent'].includes(text))
    throw new InvalidArgumentError('It must be watch, review or urgent.');
  return text;
}
