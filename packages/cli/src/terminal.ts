import type { FileAccount, PersonResult, Progress, ScanResult } from './engine.js';

const plain = process.env.NO_COLOR !== undefined || process.env.TERM === 'dumb';

function paint(code: string, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return plain || !stream.isTTY ? text : `\u001b[${code}m${text}\u001b[0m`;
}
export const bold = (text: string) => paint('1', text);
export const dim = (text: string) => paint('2', text);
const orange = (text: string) => paint('38;5;208', text);
const blue = (text: string) => paint('38;5;33', text);

/** Text from records, made safe for a terminal: no escape sequences, no control or direction characters. */
export function safe(text: string, longest = 200): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

/** One line on standard error that is rewritten as the scan goes on; nothing where it is not a terminal. */
export class ProgressLine {
  private shown = false;
  private lastAt = 0;

  constructor(private readonly quiet: boolean) {}

  update(progress: Progress): void {
    if (this.quiet || !process.stderr.isTTY) return;
    const now = Date.now();
    if (now - this.lastAt < 80) return;
    this.lastAt = now;
    const share =
      progress.totalBytes > 0 ? ` ${Math.floor((progress.bytes / progress.totalBytes) * 100)} %` : '';
    const amount =
      progress.records > 0 ? ` · ${count(progress.records)} records · ${bytes(progress.bytes)}` : '';
    const file = progress.file ? ` ${safe(progress.file, 50)}` : '';
    const line = `${progress.step}${file}${share}${amount}`.slice(0, (process.stderr.columns || 100) - 1);
    process.stderr.write(`\r\u001b[K${line}`);
    this.shown = true;
  }

  end(): void {
    if (this.shown) process.stderr.write('\r\u001b[K');
    this.shown = false;
  }
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function bytes(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} GB`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB`;
  return `${Math.ceil(value / 1e3)} kB`;
}

/** Files that were not read, by name, before only their number is told. */
const unreadShown = 12;

/** What each file was recognised as and what became of its records. */
export function printFiles(files: readonly FileAccount[]): void {
  if (files.length === 0) return;
  const sum = (key: 'read' | 'kept' | 'duplicate' | 'rejected') =>
    files.reduce((total, file) => total + file[key], 0);
  const groups = new Map<string, FileAccount[]>();
  for (const file of files) {
    const key = file.connector ?? '';
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  console.log(bold('Files'));
  for (const [connector, group] of [...groups].sort(([a], [b]) =>
    a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1,
  )) {
    if (connector === '') continue;
    const total = (key: 'read' | 'kept' | 'duplicate' | 'rejected') =>
      group.reduce((n, file) => n + file[key], 0);
    const names = group.length === 1 ? safe(group[0]?.file ?? '', 48) : `${group.length} files`;
    const odd = [
      total('duplicate') > 0 ? `${count(total('duplicate'))} duplicate` : '',
      total('rejected') > 0 ? orange(`${count(total('rejected'))} rejected`) : '',
    ].filter(Boolean);
    const title = (group[0]?.recognised ?? '').split(/; |, inside/)[0] ?? '';
    console.log(
      `  ${title.padEnd(34)} ${count(total('kept')).padStart(9)} kept  ${odd.join(', ').padEnd(odd.length ? 14 : 0)}  ${dim(names)}`,
    );
  }
  const unread = groups.get('') ?? [];
  for (const file of unread.slice(0, unreadShown)) {
    console.log(`  ${orange('not read')}  ${safe(file.file, 60)}: ${safe(file.problem ?? '', 140)}`);
  }
  if (unread.length > unreadShown) {
    console.log(
      `  ${orange('not read')}  … and ${count(unread.length - unreadShown)} more files: see the report`,
    );
  }
  for (const file of files.filter((f) => f.connector && f.problem))
    console.log(`  ${orange('partly read')}  ${safe(file.file, 60)}: ${safe(file.problem ?? '', 140)}`);
  console.log(
    dim(
      `  ${count(sum('read'))} read = ${count(sum('kept'))} kept + ${count(sum('duplicate'))} duplicate + ${count(sum('rejected'))} rejected`,
    ),
  );
  console.log();
}

const symbols = { urgent: '▲', review: '●', watch: '○', clear: '·' } as const;

/** The people worth a look, in order, each with what matters and what to do next. */
export function printPeople(result: ScanResult, most: number): void {
  const notable = result.people.filter((person) => person.band === 'review' || person.band === 'urgent');
  const watched = result.people.filter((person) => person.band === 'watch');
  const { company } = result;
  console.log(
    bold(`${count(company.people)} people, as of ${result.asOf.slice(0, 16).replace('T', ' ')} UTC`),
  );
  console.log(
    `  ${symbols.urgent} urgent ${result.bands.urgent}   ${symbols.review} review ${result.bands.review}   ${symbols.watch} watch ${result.bands.watch}   ${symbols.clear} clear ${count(result.bands.clear)}`,
  );
  console.log();
  if (notable.length === 0)
    console.log('  Nobody stands out enough for a closer look. What could not be checked is listed below.\n');
  for (const person of notable.slice(0, most)) printPerson(person, 3);
  if (notable.length > most)
    console.log(dim(`  … and ${notable.length - most} more at review or above: see the report\n`));
  if (watched.length > 0) {
    console.log(bold(`To keep in view (${watched.length})`));
    for (const person of watched.slice(0, 8)) {
      const [lead] = telling(person);
      console.log(
        `  ${symbols.watch} ${safe(person.name, 40)} ${dim(`(${safe(person.id, 20)})`)}  ${safe(lead?.says ?? '', 120)}`,
      );
    }
    if (watched.length > 8) console.log(dim(`  … and ${watched.length - 8} more: see the report`));
    console.log();
  }
}

function printPerson(person: PersonResult, most: number): void {
  const mark =
    person.band === 'urgent' ? orange(`${symbols.urgent} urgent`) : blue(`${symbols.review} review`);
  const role = [person.engagement, person.title, person.stage === 'employed' ? undefined : person.stage]
    .filter(Boolean)
    .join(', ');
  console.log(
    `${mark}  ${bold(safe(person.name, 60))} ${dim(`${safe(person.id, 24)} · ${safe(role, 60)}`)}  ${signed(person.bits)} bits`,
  );
  for (const signal of telling(person).slice(0, most)) {
    console.log(`    ${signed(signal.bits).padStart(5)}  ${safe(signal.says, 240)}`);
    if (signal.innocent[0])
      console.log(dim(`           or:  ${safe(signal.innocent[0].replace(/\.$/, ''), 160)}.`));
  }
  const rest = telling(person).slice(most);
  if (rest.length > 0)
    console.log(
      dim(
        `    ${signed(total(rest)).padStart(5)}  and ${rest.length} more ${rest.length === 1 ? 'finding' : 'findings'}`,
      ),
    );
  const inFavour = person.signals.filter((signal) => signal.bits < 0).sort((a, b) => a.bits - b.bits);
  if (inFavour[0]) {
    const how = inFavour.length > 1 ? `in their favour (${inFavour.length}), such as` : 'in their favour';
    console.log(`    ${signed(total(inFavour)).padStart(5)}  ${how}: ${safe(inFavour[0].says, 200)}`);
  }
  if (person.next[0]) console.log(`    next:  ${safe(person.next[0], 200)}`);
  console.log();
}

const total = (signals: PersonResult['signals']) => signals.reduce((sum, signal) => sum + signal.bits, 0);

/** What weighs against a person, the strongest first, one of each kind of evidence before a second of any. */
function telling(person: PersonResult): PersonResult['signals'] {
  const weighing = person.signals.filter((signal) => signal.bits > 0).sort((a, b) => b.bits - a.bits);
  const first = weighing.filter(
    (signal, i) => weighing.findIndex((other) => other.facet === signal.facet) === i,
  );
  return [...first, ...weighing.filter((signal) => !first.includes(signal))];
}

export function signed(value: number): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(1)}`;
}

/** What became of the Sigma rules: how many ran, and each that fits something with its author and licence. */
export function printSigma(result: ScanResult): void {
  if (!result.sigma || result.sigma.rules.length === 0) return;
  const { rules } = result.sigma;
  const shown = rules.filter((rule) => rule.kind !== 'filter');
  const ran = shown.filter((rule) => rule.state !== 'not run');
  const fit = shown.filter((rule) => rule.hits > 0).sort((a, b) => b.people - a.people || b.hits - a.hits);
  console.log(bold(`Sigma rules (${count(ran.length)} of ${count(shown.length)} ran)`));
  for (const rule of fit.slice(0, sigmaShown)) {
    const who =
      rule.people > 0 ? `${count(rule.people)} ${rule.people === 1 ? 'person' : 'people'}` : 'nobody known';
    console.log(
      `  ${count(rule.hits).padStart(7)} ${rule.hits === 1 ? 'hit ' : 'hits'}, ${who}  ${safe(rule.title, 80)} ${dim(`(${safe(rule.author, 60)}; ${safe(rule.license, 50)})`)}`,
    );
  }
  if (fit.length > sigmaShown) console.log(dim(`  … and ${count(fit.length - sigmaShown)} more: see --json`));
  if (fit.length === 0) console.log('  None of them fits anything.');
  console.log();
}

/** Sigma rules that fit something, before only their number is told. */
const sigmaShown = 12;

/** What lets the scheme happen, and what could not be looked at. */
export function printRest(result: ScanResult): void {
  if (result.exposures.length > 0) {
    console.log(bold('Exposure (about devices, settings and firms; counted against nobody)'));
    for (const exposure of result.exposures) console.log(`  ${safe(exposure.says, 200)}`);
    console.log();
  }
  if (result.limits.length > 0) {
    console.log(bold('What could not be checked'));
    for (const limit of result.limits.slice(0, 12)) console.log(`  ${safe(limit, 300)}`);
    if (result.limits.length > 12)
      console.log(dim(`  … and ${result.limits.length - 12} more: see the report`));
    console.log();
  }
}

/** Rows as aligned columns. */
export function printTable(columns: readonly string[], rows: readonly Record<string, unknown>[]): void {
  const cells = rows.map((row) => columns.map((column) => safe(cellText(row[column]), 60)));
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...cells.map((row) => row[i]?.length ?? 0)),
  );
  console.log(bold(columns.map((column, i) => column.padEnd(widths[i] ?? 0)).join('  ')));
  for (const row of cells)
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  console.log(dim(`${count(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`));
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
