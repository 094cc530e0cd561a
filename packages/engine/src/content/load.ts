import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { RollcallError } from '../model/errors.js';
import { type TableName, tableNames } from '../model/tables.js';
import { type DetectionStage, detectionStages } from '../model/vocabulary.js';
import { type FieldMap, fieldMapProblems, fieldMapSchema } from '../sigma/field-map.js';
import { checkOwn, ownClashes } from '../sigma/own.js';
import { type Pack, readPack } from '../sigma/pack.js';
import { type Connector, connectorSchema, type Mapping } from './connector.js';
import { type Detection, detectionSchema, untestedDetectionSchema } from './detection.js';
import { type Fact, factSchema } from './fact.js';
import { type Question, questionSchema } from './questions.js';
import { wallProblems } from './wall.js';

export interface Content {
  folder: string;
  connectors: Connector[];
  detections: Detection[];
  facts: Fact[];
  /** How the fields of Sigma rules are read from events, by log source. */
  fieldMaps: FieldMap[];
  /** Sigma rules that ship with Rollcall. */
  packs: Pack[];
  /** What is asked of every finalist. */
  questions: Question[];
  /** Short hash over all of it: says which content made a result. */
  version: string;
  /** The company's own detections among them: from which folder, and what was left out and why. */
  own?: { folder: string; problems: string[] };
}

/** The content that ships with Rollcall. */
export const contentFolder = fileURLToPath(new URL('../../../../content', import.meta.url));

export interface LoadOptions {
  /** Leave the tests inside detections unread: they are most of the text, and a scan does not run them. */
  withoutTests?: boolean;
  /**
   * A folder of the company's own detections, `<stage>/<id>.yml`, beside ours. What is wrong in there is left out and said in
   * `own.problems`: an update of ours must not keep a company from looking.
   */
  own?: string;
}

/** What ships, with and without its tests: nothing changes it while a process runs, so it is read once. */
const shipped = new Map<boolean, ReturnType<typeof readFolder>>();

/** Reads and checks a content folder. Every problem found is reported, each with its file and line, not only the first. */
export async function loadContent(
  folder: string = contentFolder,
  options: LoadOptions = {},
): Promise<Content> {
  const withoutTests = options.withoutTests ?? false;
  let reading = folder === contentFolder ? shipped.get(withoutTests) : undefined;
  if (!reading) {
    reading = readFolder(folder, withoutTests);
    if (folder === contentFolder) {
      shipped.set(withoutTests, reading);
      reading.catch(() => shipped.delete(withoutTests));
    }
  }
  const read = await reading;
  const hash = read.hash.copy();
  // Lists of its own, to which a company's own detections are added.
  const content: Content = {
    folder,
    connectors: [...read.connectors],
    detections: [...read.detections],
    facts: [...read.facts],
    fieldMaps: [...read.fieldMaps],
    packs: [...read.packs],
    questions: [...read.questions],
    version: '',
  };
  if (options.own !== undefined)
    content.own = await addOwn(content, options.own, { problems: [], hash, withoutTests });
  return { ...content, version: hash.digest('hex').slice(0, 12) };
}

async function readFolder(
  folder: string,
  withoutTests: boolean,
): Promise<Omit<Content, 'folder' | 'version' | 'own'> & Pick<Reader, 'hash'>> {
  const problems: string[] = [];
  const hash = createHash('sha256');
  const reader: Reader = { problems, hash, withoutTests };
  const connectors = await loadConnectors(join(folder, 'connectors'), reader);
  const detections = await loadDetections(join(folder, 'detections'), reader);
  const facts = await loadFacts(join(folder, 'facts'), reader);
  const fieldMaps = await loadFieldMaps(join(folder, 'sigma', 'fields'), connectors, reader);
  const packs = await loadPacks(join(folder, 'sigma'), reader);
  const questions = await loadQuestions(join(folder, 'questions'), reader);
  checkSigma(detections, fieldMaps, packs, problems);
  if (problems.length > 0) throw new RollcallError('CONTENT_INVALID', problems.join('\n'));
  return { connectors, detections, facts, fieldMaps, packs, questions, hash };
}

/** Adds the company's own detections to the content, each by itself: one with an error is none. */
async function addOwn(
  content: Content,
  folder: string,
  reader: Reader,
): Promise<NonNullable<Content['own']>> {
  const problems: string[] = [];
  for (const stage of await names(folder)) {
    for (const name of await names(join(folder, stage))) {
      const path = join(folder, stage, name);
      const text = await readFile(path, 'utf8');
      const read = name.endsWith('.yml')
        ? readDetection(text, { id: name.slice(0, -4), stage, file: path }, content, reader)
        : { problems: [`${path}: a detection is a .yml file`] };
      problems.push(...read.problems);
      if (!read.detection || read.problems.length > 0) continue;
      content.detections.push(read.detection);
      reader.hash.update(text);
    }
  }
  return { folder, problems };
}

/**
 * A detection from its text, checked as one of a folder is, beside the content it is to stand in. Problems name `file` and
 * line.
 */
export function readDetection(
  text: string,
  named: { id: string; stage: string; file: string },
  content: Pick<Content, 'detections' | 'fieldMaps' | 'packs'>,
  options: LoadOptions = {},
): { detection?: Detection; problems: string[] } {
  const problems: string[] = [];
  const { id, stage, file } = named;
  if (!(detectionStages as readonly string[]).includes(stage))
    return { problems: [`${file}: no such stage; one of ${detectionStages.join(', ')}`] };
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))
    return { problems: [`${file}: the id is words in small letters with dashes between them`] };
  if (content.detections.some((other) => other.id === id))
    return { problems: [`${file}: there is a detection called "${id}" already`] };
  const detection = parseDetection(text, { id, stage: stage as DetectionStage, path: file }, [], {
    problems,
    withoutTests: options.withoutTests ?? false,
  });
  if (!detection) return { problems };
  detection.own = true;
  checkSigma([detection], content.fieldMaps, content.packs, problems);
  problems.push(
    ...ownClashes([...content.detections, detection], content.packs).filter(
      (problem) => !problems.includes(problem),
    ),
  );
  return { detection, problems };
}

/** The facts of a content folder alone, for commands that need no more. */
export async function loadFactsOf(folder: string = contentFolder): Promise<Fact[]> {
  const reader: Reader = { problems: [], hash: createHash('sha256'), withoutTests: true };
  const facts = await loadFacts(join(folder, 'facts'), reader);
  if (reader.problems.length > 0) throw new RollcallError('CONTENT_INVALID', reader.problems.join('\n'));
  return facts;
}

interface Reader {
  withoutTests: boolean;
  problems: string[];
  hash: ReturnType<typeof createHash>;
}

async function loadConnectors(folder: string, reader: Reader): Promise<Connector[]> {
  const connectors: Connector[] = [];
  for (const id of await names(folder)) {
    const path = join(folder, id, 'connector.yml');
    if (!existsSync(path)) {
      reader.problems.push(`${join(folder, id)}: has no connector.yml`);
      continue;
    }
    const definition = await readYaml(path, connectorSchema, reader);
    const mappingPath = join(folder, id, 'mapping.sql');
    if (!existsSync(mappingPath)) {
      reader.problems.push(`${join(folder, id)}: has no mapping.sql`);
      continue;
    }
    const sql = await readFile(mappingPath, 'utf8');
    reader.hash.update(sql);
    const mappings = splitMappings(mappingPath, sql, reader.problems);
    if (definition) connectors.push({ ...definition, id, folder: join(folder, id), mappings });
  }
  return connectors;
}

/** A mapping file as its SELECTs: each begins with a line `-- into <table>`. */
export function splitMappings(path: string, sql: string, problems: string[]): Mapping[] {
  const mappings: Mapping[] = [];
  for (const [index, line] of sql.split('\n').entries()) {
    const into = /^--\s*into\s+(\S+)\s*$/i.exec(line)?.[1];
    if (into !== undefined) {
      if ((tableNames as string[]).includes(into))
        mappings.push({ table: into as TableName, sql: '', line: index + 1 });
      else problems.push(`${path}:${index + 1}: no table "${into}"; one of ${tableNames.join(', ')}`);
    } else if (mappings.length > 0) {
      (mappings.at(-1) as Mapping).sql += `${line}\n`;
    } else if (line.trim() && !line.startsWith('--')) {
      problems.push(`${path}:${index + 1}: text before the first "-- into <table>" line`);
      return mappings;
    }
  }
  if (mappings.length === 0) problems.push(`${path}: no "-- into <table>" line`);
  for (const mapping of mappings) mapping.sql = mapping.sql.trim().replace(/;$/, '');
  return mappings;
}

async function loadDetections(folder: string, reader: Reader): Promise<Detection[]> {
  const detections: Detection[] = [];
  for (const stage of await names(folder)) {
    if (!(detectionStages as readonly string[]).includes(stage)) {
      reader.problems.push(`${join(folder, stage)}: no such stage; one of ${detectionStages.join(', ')}`);
      continue;
    }
    for (const name of await names(join(folder, stage))) {
      const path = join(folder, stage, name);
      if (!name.endsWith('.yml')) {
        reader.problems.push(`${path}: a detection is a .yml file`);
        continue;
      }
      const text = await readFile(path, 'utf8');
      reader.hash.update(text);
      const detection = parseDetection(
        text,
        { id: name.slice(0, -4), stage: stage as DetectionStage, path },
        detections,
        reader,
      );
      if (detection) detections.push(detection);
    }
  }
  return detections;
}

/** One detection from its text; absent where it cannot be read at all. */
function parseDetection(
  text: string,
  { id, stage, path }: { id: string; stage: DetectionStage; path: string },
  others: readonly Detection[],
  { problems, withoutTests }: Pick<Reader, 'problems' | 'withoutTests'>,
): Detection | undefined {
  const definition = withoutTests
    ? parseYaml(path, text.replace(/^tests:[\s\S]*/m, ''), untestedDetectionSchema, problems)
    : parseYaml(path, text, detectionSchema, problems);
  if (!definition) return undefined;
  if (others.some((other) => other.id === id)) problems.push(`${path}: a second detection called "${id}"`);
  if (definition.about === 'person' && !definition.weight)
    problems.push(`${path}: a detection about a person needs a weight`);
  if (definition.about === 'person' && definition.innocent.length === 0)
    problems.push(`${path}: no innocent reading is given`);
  if (definition.about !== 'person' && definition.weight) {
    problems.push(`${path}: an exposure is never weighed against a person: leave weight out`);
  }
  if (definition.fairness === 'forbidden')
    problems.push(`${path}: fairness is "forbidden": such a detection is refused`);
  for (const problem of wallProblems(definition.query ?? '')) problems.push(`${path}: ${problem}`);
  for (const problem of wallProblems(definition.among ?? '')) problems.push(`${path}: among: ${problem}`);
  if (!withoutTests && !definition.tests.some((test) => test.expect.length > 0))
    problems.push(`${path}: no test in which it fires`);
  if (!withoutTests && !definition.tests.some((test) => test.expect.length === 0))
    problems.push(`${path}: no test of a lookalike on which it stays silent`);
  const version = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const { query = '', sigma, ...rest } = definition;
  const detection = { ...rest, query, id, stage, file: path, version };
  if (sigma === undefined) return detection;
  const line = blockLine(text, 'sigma');
  if (line === undefined) {
    problems.push(`${path}: sigma: write it as a block, \`sigma: |\``);
    return undefined;
  }
  // Empty lines before it, so that each line has the number it has in the file.
  return { ...detection, sigma: '\n'.repeat(line) + sigma };
}

/** Detections in Sigma: their rules, and the logs those read as what they need. */
function checkSigma(
  detections: readonly Detection[],
  maps: readonly FieldMap[],
  packs: readonly Pack[],
  problems: string[],
): void {
  for (const detection of detections) {
    if (detection.sigma === undefined) continue;
    const checked = checkOwn(detection, maps);
    problems.push(...checked.problems);
    detection.needs = [...new Set([...detection.needs, ...checked.needs])];
  }
  problems.push(...ownClashes(detections, packs));
}

async function loadFieldMaps(
  folder: string,
  connectors: readonly Connector[],
  reader: Reader,
): Promise<FieldMap[]> {
  const maps: FieldMap[] = [];
  const ids = new Set(connectors.map((connector) => connector.id));
  for (const name of await names(folder)) {
    const path = join(folder, name);
    if (!name.endsWith('.yml')) {
      if (!name.endsWith('.ts')) reader.problems.push(`${path}: a field map is a .yml file`);
      continue;
    }
    const text = await readFile(path, 'utf8');
    reader.hash.update(text);
    const definition = parseYaml(
      path,
      reader.withoutTests ? text.replace(/^tests:[\s\S]*/m, '') : text,
      fieldMapSchema,
      reader.problems,
    );
    if (!definition) continue;
    const map = { ...definition, id: name.slice(0, -4), file: path };
    reader.problems.push(...fieldMapProblems(map, ids));
    if (!reader.withoutTests && map.tests.length === 0) reader.problems.push(`${path}: it has no tests`);
    maps.push(map);
  }
  return maps;
}

/** Every folder of `content/sigma` but that of the field maps. */
async function loadPacks(folder: string, reader: Reader): Promise<Pack[]> {
  const packs: Pack[] = [];
  for (const id of await names(folder)) {
    const path = join(folder, id);
    if (id === 'fields' || !(await stat(path)).isDirectory()) continue;
    const pack = await readPack(id, path);
    for (const source of pack.sources) reader.hash.update(source.text);
    packs.push(pack);
  }
  return packs;
}

async function loadFacts(folder: string, reader: Reader): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const name of await names(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.csv')) {
      if (!existsSync(path.replace(/\.csv$/, '.yml'))) reader.problems.push(`${path}: has no .yml beside it`);
      reader.hash.update(await readFile(path));
      continue;
    }
    if (!name.endsWith('.yml')) continue;
    const definition = await readYaml(path, factSchema, reader);
    const csv = path.replace(/\.yml$/, '.csv');
    if (!existsSync(csv)) reader.problems.push(`${path}: has no .csv beside it`);
    else if (definition) {
      const header = (await readFile(csv, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
      if (header !== Object.keys(definition.columns).join(','))
        reader.problems.push(`${csv}:1: the header differs from the columns in ${path}`);
      const id = name.slice(0, -4);
      facts.push({ ...definition, id, table: id.replaceAll('-', '_'), csv });
    }
  }
  return facts;
}

async function loadQuestions(folder: string, reader: Reader): Promise<Question[]> {
  const questions: Question[] = [];
  for (const name of await names(folder)) {
    const path = join(folder, name);
    if (!name.endsWith('.yml')) {
      reader.problems.push(`${path}: a question is a .yml file`);
      continue;
    }
    const definition = await readYaml(path, questionSchema, reader);
    if (definition) questions.push({ ...definition, id: name.slice(0, -4), file: path });
  }
  return questions;
}

async function names(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
}

async function readYaml<T>(path: string, schema: z.ZodType<T>, reader: Reader): Promise<T | undefined> {
  const text = await readFile(path, 'utf8');
  reader.hash.update(text);
  return parseYaml(path, text, schema, reader.problems);
}

/** YAML checked against a schema; problems name file and line. */
export function parseYaml<T>(
  path: string,
  text: string,
  schema: z.ZodType<T>,
  problems: string[],
): T | undefined {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  for (const error of document.errors) {
    problems.push(`${path}:${counter.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`);
  }
  if (document.errors.length > 0) return undefined;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    problems.push(`${path}: ${(error as Error).message}`);
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const node = nearestNode(document, issue.path);
    const line = node ? counter.linePos(node).line : 1;
    problems.push(`${path}:${line}: ${issue.path.join('.') || '(top)'}: ${issue.message}`);
  }
  return undefined;
}

/** The line on which a literal block (`key: |`) begins: its text begins on the next. */
function blockLine(text: string, key: string): number | undefined {
  const lines = new LineCounter();
  const node = parseDocument(text, { lineCounter: lines }).get(key, true);
  return isScalar(node) && node.type === 'BLOCK_LITERAL' && node.range
    ? lines.linePos(node.range[0]).line
    : undefined;
}

/** Where in the text the deepest part of a path stands that is there at all. */
function nearestNode(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return node.range[0];
  }
  return undefined;
}
