import { readFileSync } from 'node:fs';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { explanationKinds } from '@rollcall/engine/model/vocabulary.js';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

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
  /** A command is loaded when it is called: the database alone takes longer to load than many commands to run. */
  const load = <Name extends string>(
    module: () => Promise<Record<Name, (...given: never[]) => Promise<number>>>,
    name: Name,
  ) =>
    run(async (...given: unknown[]) => {
      const action = (await module())[name] as (...given: unknown[]) => Promise<number>;
      return action(...given);
    });
  const program = new Command('rollcall')
    .description('Know who is really on your team.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ sortSubcommands: false });

  program
    .command('scan')
    .argument('[folder]', 'folder of exports (or one file); without it, the lake is assessed as it is')
    .description('read exports, and list who may not be who they claim to be, and why')
    .option('--lake <dir>', 'where what was read is kept', '.rollcall')
    .option('--policy <file>', 'your own settings and explanations (YAML)')
    .option('--as-of <date>', 'assess as on this day (ISO 8601)', date)
    .option(
      '--sigma <dir>',
      'a folder (or file) of Sigma rules to run too; may be given again',
      (path: string, before: string[] | undefined) => [...(before ?? []), path],
    )
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
    .action(load(() => import('./commands/scan.js'), 'scanFolder'));

  program
    .command('demo')
    .description('scan a made-up company and write its report')
    .option('--out <dir>', 'folder for the company and the report', 'demo')
    .option('--people <n>', 'size of the company', whole, 300)
    .option('--seed <n>', 'which company', whole, 1)
    .option('--open', 'open the report in the browser')
    .action(load(() => import('./commands/demo.js'), 'demo'));

  program
    .command('serve')
    .description('run the console for a team: pages, checks, cases, and what comes in while it runs')
    .option('--folder <dir>', 'where everything of this installation is kept', 'rollcall')
    .option('--port <n>', 'port to listen on', whole, 8470)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--origin <url>', 'the address browsers use, behind a proxy: https://rollcall.example.com')
    .option(
      '--proxy <address>',
      'a reverse proxy whose word on senders is taken; may be given again',
      collect,
      [],
    )
    .option('--policy <file>', 'your own settings and explanations (YAML)')
    .option('--content <dir>', 'another content folder')
    .option('--memory <size>', 'memory for the database of scans', '2GB')
    .option('--threads <n>', 'processors for scans; all but one unless given', whole)
    .option('--demo', 'with a made-up company of 300 people, and an account for each role')
    .action(load(() => import('./commands/serve.js'), 'serve'));

  program
    .command('map')
    .argument('<file>', 'a CSV or JSON file Rollcall did not recognise')
    .description('propose how the columns of a file are to be read')
    .option('--write', 'write the proposal beside the file, where a scan finds it')
    .action(load(() => import('./commands/map.js'), 'mapFile'));

  program
    .command('query')
    .argument(
      '<sql>',
      'a SELECT over people, identifiers, accounts, devices, events, inventory, documents, claims, traces, passages',
    )
    .description('ask the last scan a question of your own (read-only)')
    .option('--lake <dir>', 'the lake', '.rollcall')
    .option('--json', 'print rows as JSON')
    .action(load(() => import('./commands/query.js'), 'runQuery'));

  program
    .command('simulate')
    .description('write the exports of a made-up company, with the truth about it')
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--people <n>', 'how many people', whole, 2000)
    .option('--seed <n>', 'same seed, same company', whole, 1)
    .option('--ring-members <n>', 'how many of them are not who they claim to be', whole)
    .option('--days <n>', 'days of logs', whole, 90)
    .addOption(scenario())
    .action(load(() => import('./commands/simulate.js'), 'simulateCompany'));

  program
    .command('evaluate')
    .argument('[path]', 'a folder written by "rollcall simulate", or a file of results of --seeds')
    .description('scan made-up companies and compare the result with the truth')
    .option('--policy <file>', 'your own settings')
    .option('--json', 'print everything as JSON')
    .option('--content <dir>', 'another content folder')
    .option('--seeds <list>', 'make and scan these companies, such as 1-20 or 1,4,9', seeds)
    .option('--people <n>', 'with --seeds: how many people each has', whole, 5000)
    .option('--ring-members <n>', 'with --seeds: how many of them are not who they claim to be', whole)
    .option('--days <n>', 'with --seeds: days of logs', whole, 90)
    .addOption(scenario())
    .option(
      '--out <file>',
      'with --seeds: where results are kept; what it holds is not done again',
      'evaluation.jsonl',
    )
    .option('--jobs <n>', 'with --seeds: how many companies at a time', whole, 1)
    .option('--sources', 'with --seeds: find out instead what each export is worth; takes long')
    .action(load(() => import('./commands/evaluate.js'), 'evaluate'));

  program
    .command('resumes')
    .argument('<folder>', 'folder of résumé files, or one file: PDF, DOCX, ODT, RTF, HTML, text, JSON Resume')
    .description('say what each résumé file says and shows, and what several of them share')
    .option('--home-country <code>', 'how phone numbers without a country are read (ISO 3166-1)', 'US')
    .option('--content <dir>', 'another content folder')
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/resumes.js'), 'resumes'));

  program
    .command('base-rates')
    .description('say how often each thing is found among your own people, and what that does to its weight')
    .option('--lake <dir>', 'the lake', '.rollcall')
    .option('--policy <file>', 'your own settings and explanations (YAML)')
    .option('--as-of <date>', 'count as on this day (ISO 8601)', date)
    .option(
      '--sigma <dir>',
      'a folder (or file) of Sigma rules to run too; may be given again',
      (path: string, before: string[] | undefined) => [...(before ?? []), path],
    )
    .option('--content <dir>', 'another content folder')
    .option('--all', 'also what was found in nobody')
    .option('--json', 'print all of them as JSON')
    .action(load(() => import('./commands/base-rates.js'), 'listBaseRates'));

  program
    .command('check')
    .argument('<file>', 'a résumé: PDF, DOCX, ODT, RTF, HTML, text, JSON Resume')
    .description('compare a new applicant with everybody known, and say what to ask')
    .option('--lake <dir>', 'the lake of the last scan', '.rollcall')
    .option('--policy <file>', 'your own settings and explanations (YAML)')
    .option('--content <dir>', 'another content folder')
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/check.js'), 'check'));

  program
    .command('links')
    .argument('<person>', 'id, e-mail address or whole name of somebody')
    .description('say who shares what with a person, how rare it is, and how such things mislead')
    .option('--lake <dir>', 'the lake of the last scan', '.rollcall')
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/links.js'), 'links'));

  const rings = program
    .command('rings')
    // An option after a command of its own belongs to that one.
    .enablePositionalOptions()
    .description('list people joined by links that nothing explains')
    .option('--lake <dir>', 'the lake of the last scan', '.rollcall')
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/rings.js'), 'listRings'));
  /** What every decision needs. */
  const decided = (command: Command) =>
    command
      .requiredOption('--by <name>', 'who decides')
      .requiredOption('--reason <text>', 'why')
      .option('--lake <dir>', 'the lake', '.rollcall');
  decided(
    rings
      .command('merge')
      .argument('<ring>', 'a ring')
      .argument('<other>', 'another')
      .description('say that two rings are one'),
  ).action(load(() => import('./commands/rings.js'), 'ringMerge'));
  decided(
    rings
      .command('split')
      .argument('<ring>', 'a ring')
      .description('say that some of its people do not belong to the others')
      .requiredOption('--people <ids>', 'their ids, with commas', list),
  ).action(load(() => import('./commands/rings.js'), 'ringSplit'));
  decided(
    rings
      .command('undo')
      .argument('<decision>', 'its number', whole)
      .description('take a decision back; it stays on record'),
  ).action(load(() => import('./commands/rings.js'), 'ringUndo'));
  rings
    .command('history')
    .argument('[ring]', 'a ring; all of them without it')
    .description('say what became of a ring, and what was decided')
    .option('--lake <dir>', 'the lake', '.rollcall')
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/rings.js'), 'ringHistory'));

  const explanations = program
    .command('explanations')
    // An option after a command of its own belongs to that one.
    .enablePositionalOptions()
    .description(
      'list innocent reasons: proposed, in force, not yet, over, withdrawn, and what each silences',
    )
    .option('--lake <dir>', 'the lake of the last scan', '.rollcall')
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/explanations.js'), 'listExplanations'));
  explanations
    .command('list')
    .description('the same')
    .option('--lake <dir>', 'the lake of the last scan', '.rollcall')
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/explanations.js'), 'listExplanations'));
  explanations
    .command('show')
    .argument('<id>', 'an explanation, proposed or on record')
    .description('say everything about one, with each finding it accounts for')
    .option('--lake <dir>', 'the lake of the last scan', '.rollcall')
    .option('--json', 'print it as JSON')
    .action(load(() => import('./commands/explanations.js'), 'explanationShow'));
  decided(
    explanations
      .command('add')
      .description('put an innocent reason on record that somebody looked into')
      .requiredOption('--kind <kind>', `one of ${explanationKinds.join(', ')}`, explanationKind)
      .option('--people <ids>', 'whom it is about: ids, with commas', list)
      .option('--department <name>', 'everybody of a department; may be given again', collected)
      .option('--vendor <name>', 'everybody who comes through a vendor; may be given again', collected)
      .option('--value <text>', 'only what shows this: an address, a tool, a network, a number')
      .option('--detections <ids>', 'only these detections, with commas', list)
      .option('--from <day>', 'first day it covers', day)
      .option('--to <day>', 'last day it covers', day)
      .option('--until <day>', 'last day on which it counts; a year from now unless given', day),
  ).action(load(() => import('./commands/explanations.js'), 'explanationAdd'));
  decided(
    explanations
      .command('confirm')
      .argument('<id>', 'a proposed explanation')
      .description('say that it is so: from the next scan on it silences what it explains')
      .option('--until <day>', 'its last day; a year from now unless given', date),
  ).action(load(() => import('./commands/explanations.js'), 'explanationConfirm'));
  decided(
    explanations
      .command('withdraw')
      .argument('<id>', 'a confirmed explanation')
      .description('say that it is so no longer'),
  ).action(load(() => import('./commands/explanations.js'), 'explanationWithdraw'));

  const facts = program
    .command('facts')
    // An option after a command of its own belongs to that one.
    .enablePositionalOptions()
    .description('list reference data: how old each table is, and how many rows are your own');
  /** Where rows of one's own are. */
  const withOwn = (command: Command) =>
    command
      .option('--own <dir>', 'folder of your own reference data; else that of the policy')
      .option('--policy <file>', 'your own settings')
      .option('--content <dir>', 'another content folder');
  withOwn(facts)
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/facts.js'), 'listFacts'));
  withOwn(facts.command('list').description('the same'))
    .option('--json', 'print everything as JSON')
    .action(load(() => import('./commands/facts.js'), 'listFacts'));
  withOwn(facts.command('show').argument('<table>', 'a table').description('print the rows of a table'))
    .option('--grep <text>', 'only rows with this text')
    .option('--json', 'print them as JSON')
    .action(load(() => import('./commands/facts.js'), 'showFact'));
  withOwn(
    facts
      .command('add')
      .argument('<table>', 'a table')
      .argument('<file>', 'a CSV file with its columns')
      .description('add rows of your own, in your own folder'),
  ).action(load(() => import('./commands/facts.js'), 'addFacts'));
  withOwn(
    facts
      .command('update')
      .argument('<table>', 'a table')
      .description('put a newer table in place of an older one, in your own folder, once it was checked'),
  )
    .option('--from <file>', 'a CSV file, or the https address the policy names for the table')
    .option('--as-of <day>', 'the day it is of; the latest of its rows unless given', day)
    .option('--fewer', 'it may have far fewer rows than the one before')
    .action(load(() => import('./commands/facts.js'), 'updateFacts'));

  program
    .command('match')
    .argument('<a>', 'a CSV file of people, in any columns')
    .argument('[b]', 'a second one; without it duplicates within the first are sought')
    .description('find records that are about the same person, despite typos')
    .option('--out <file>', 'where to write the pairs', 'pairs.csv')
    .option('--threshold <p>', 'records are taken for one person from this probability', probability, 0.9)
    .option('--id <column>', 'the column that names a record')
    .option('--json', 'print pairs, groups and the model as JSON instead')
    .action(load(() => import('./commands/match.js'), 'match'));

  program
    .command('forget')
    .argument('[people...]', 'ids of people of whom everything is removed')
    .description(
      'remove people, or what is older than the policy keeps it; says what, and does it with --yes',
    )
    .option('--old', 'what has reached the ages under “retention” in the policy')
    .option('--lake <dir>', 'the lake', '.rollcall')
    .option('--policy <file>', 'your own settings (YAML)')
    .option('--yes', 'do it; it cannot be undone')
    .option('--json', 'print what goes as JSON')
    .action(load(() => import('./commands/forget.js'), 'forgetPeople'));

  const bundle = program.command('bundle').description('evidence bundles, sealed by the console');
  bundle
    .command('verify')
    .argument('<file>', 'a bundle (.zip)')
    .description('say whether a bundle is what was sealed; exit code 1 where anything is in doubt')
    .option('--key <file>', 'the public key of the company (PEM), had by another way')
    .option('--json', 'print the result as JSON')
    .action(load(() => import('./commands/bundle.js'), 'bundleVerify'));

  const audit = program.command('audit').description('the audit log of the console');
  audit
    .command('export')
    .description('write the log as NDJSON, oldest entry first')
    .option('--folder <dir>', 'the folder of the server', 'rollcall')
    .option('--out <file>', 'where to write it; else it is printed')
    .action(load(() => import('./commands/audit.js'), 'auditExport'));
  audit
    .command('verify')
    .argument('[file]', 'a log that was exported')
    .description('say whether the chain is whole; exit code 1 where it is broken')
    .option('--folder <dir>', 'in place of a file: the folder of a server that is not running')
    .option('--head <hash>', 'the hash of an entry, noted earlier: it must still be there')
    .option('--json', 'print it as JSON')
    .action(load(() => import('./commands/audit.js'), 'auditVerify'));

  program
    .command('backup')
    .description('write everything of a server into a new folder, while it runs or not')
    .requiredOption('--out <dir>', 'where to write it: a folder that is not there, or empty')
    .option('--folder <dir>', 'the folder of the server', 'rollcall')
    .action(load(() => import('./commands/backup.js'), 'backup'));
  program
    .command('restore')
    .description('make a new installation of a backup')
    .requiredOption('--in <dir>', 'the backup')
    .requiredOption('--folder <dir>', 'the new folder')
    .option('--database-url <url>', 'an empty PostgreSQL database, in place of the embedded one')
    .action(load(() => import('./commands/backup.js'), 'restoreBackup'));

  const sigma = program.command('sigma').description('work with Sigma rules');
  const pipeline = ['--pipeline <file>', 'a processing pipeline (YAML); may be given again'] as const;
  sigma
    .command('lint')
    .argument('<path>', 'a rule file, or a folder of them')
    .description('list every error and doubt, with its place')
    .option(...pipeline, collect, [])
    .option('--without <checks>', 'names of checks to leave out, with commas')
    .option('--strict', 'warnings fail too')
    .option('--json', 'print every problem as JSON')
    .action(load(() => import('./commands/sigma.js'), 'sigmaLint'));
  sigma
    .command('check')
    .argument('<path>', 'a rule file, or a folder of them')
    .description('say for every rule whether it can be read, matched and written as SQL')
    .option(...pipeline, collect, [])
    .option('--json', 'print the answer for every rule as JSON')
    .action(load(() => import('./commands/sigma.js'), 'sigmaCheck'));
  sigma
    .command('match')
    .argument('<rules>', 'a rule file, or a folder of them')
    .argument('<events>', 'records: JSON line by line (.gz too), or one JSON document')
    .description('run rules over records: a line for every match and every correlation that fired')
    .option('--target <target>', 'matcher (records one by one) or sql (DuckDB)', target, 'matcher')
    .option(...pipeline, collect, [])
    .option('--json', 'print hits as JSON')
    .option(
      '--route',
      'leave out rules for another log than the fields product, category, service of a record say',
    )
    .option('--source <source>', 'the log all records come from: product=…,category=…,service=…')
    .option('--time-field <field>', 'where the time of a record is; may be given again', collect, [])
    .option('--onset', 'print a correlation only where it starts to hold')
    .option(
      '--lateness <seconds>',
      'records are in order but for so many seconds: correlations are printed as they fire',
    )
    .option('--skip-timeless', 'leave records without a time out of correlations')
    .action(load(() => import('./commands/sigma.js'), 'sigmaMatch'));
  sigma
    .command('explain')
    .argument('<rules>', 'a rule file, or a folder of them')
    .argument('<events>', 'records, as for match')
    .description('say why a rule matches a record, or does not')
    .requiredOption('--rule <rule>', 'id, name or title')
    .option('--line <n>', 'line of the record', '1')
    .option(...pipeline, collect, [])
    .option('--json', 'print the explanation as JSON')
    .action(load(() => import('./commands/sigma.js'), 'sigmaExplain'));
  sigma
    .command('test')
    .argument('<path>', 'a rule file, or a folder of rules and their tests')
    .description('run the cases beside rules (*.test.yml), on both targets')
    .option(...pipeline, collect, [])
    .option('--json', 'print the results as JSON')
    .action(load(() => import('./commands/sigma.js'), 'sigmaTest'));

  const content = program.command('content').description('work on connectors, detections and facts');
  content
    .command('packs')
    .description('list the packs of Sigma rules, and which are on')
    .option('--policy <file>', 'your own settings')
    .option('--content <dir>', 'another content folder')
    .option('--json', 'print them as JSON')
    .action(load(() => import('./commands/content.js'), 'contentPacks'));
  content
    .command('coverage')
    .description('list the evidence that is known of, what covers each row of it, and why others are not')
    .option('--write <file>', 'write it to this file (Markdown)')
    .option('--content <dir>', 'another content folder')
    .option('--json', 'print it as JSON')
    .action(load(() => import('./commands/content.js'), 'contentCoverage'));
  content
    .command('test')
    .argument('[ids...]', 'only these connectors or detections')
    .description('run the tests that content carries')
    .option('--content <dir>', 'another content folder')
    .action(load(() => import('./commands/content.js'), 'contentTest'));

  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    if (error instanceof RollcallError) {
      process.stderr.write(`rollcall: ${error.message}\n`);
      return 2;
    }
    // A refused statement names its values, and those may be of people: only why, and where it was.
    if (error instanceof Error && error.constructor.name === 'DrizzleQueryError') {
      const { cause } = error;
      const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
      process.stderr.write(
        `rollcall: the database refused a statement: ${cause instanceof Error ? cause.message : 'it did not say why'}\n${frames.join('\n')}\n`,
      );
      return 2;
    }
    process.stderr.write(
      `rollcall: unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 2;
  }
}

/** Ids, with commas. */
function list(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function collected(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function explanationKind(text: string): string {
  if (!(explanationKinds as readonly string[]).includes(text))
    throw new InvalidArgumentError(`It must be one of ${explanationKinds.join(', ')}.`);
  return text;
}

function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('It must be a day such as 2026-03-31.');
  return text;
}

function target(text: string): string {
  if (text !== 'matcher' && text !== 'sql') throw new InvalidArgumentError('It must be matcher or sql.');
  return text;
}

function probability(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must be a number between 0 and 1.');
  return value;
}

function whole(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

/** As simulate/src/scenario.ts tells them; named here because that package takes long to load. */
function scenario(): Option {
  return new Option('--scenario <kind>', 'what kind of case the rings are')
    .choices(['mixed', 'farm', 'staffing-firm', 'careful-single', 'several-operators', 'exfiltration'])
    .default('mixed');
}

/** Seeds: single ones and ranges, with commas. */
function seeds(text: string): number[] {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, from, to] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    if (from === undefined) throw new InvalidArgumentError('It must be seeds such as 1-20 or 1,4,9.');
    for (let seed = Number(from); seed <= Number(to ?? from); seed++) found.add(seed);
  }
  return [...found];
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
