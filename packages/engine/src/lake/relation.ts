import type { Connector, RecordShape } from '../content/connector.js';
import type { Compression } from './bytes.js';
import { maxRecordBytes } from './bytes.js';
import type { SourceFile } from './discover.js';
import { identifier, literal } from './duckdb.js';
import { splitRow } from './shape.js';

/** Earliest time a record may carry; the latest is two days after now. */
export const earliest = '2000-01-01';

/**
 * The `records` of one file as a SELECT: `uid, time, reject, r, record`. `r` holds the fields the connector declares,
 * `record` the record as received (JSON text), `reject` why it cannot be used, or NULL.
 */
export function recordsOf(
  file: SourceFile,
  input: { path: string; compression: Compression; layout: 'ndjson' | 'array' },
  latest: string,
): string {
  const recognition = file.recognition;
  if (recognition.kind === 'none') throw new Error(`${file.name} was not recognised`);
  const connector = recognition.connector;
  const rows =
    file.shape.kind === 'table' || file.shape.kind === 'zeek'
      ? tableRows(file, input.path, input.compression)
      : jsonRows(file, input);
  // Of JSON without its spacing: the same record is the same, pretty-printed or not.
  const hash =
    file.shape.kind === 'table' || file.shape.kind === 'zeek'
      ? 'md5(record)'
      : `md5(CAST(json(record) AS VARCHAR))`;
  const uid = connector.uid ? `coalesce(CAST((${connector.uid}) AS VARCHAR), ${hash})` : hash;
  const time = connector.time ? `CAST((${connector.time}) AS TIMESTAMP)` : 'CAST(NULL AS TIMESTAMP)';
  const reasons: string[] = [`WHEN NOT usable THEN 'not a JSON object'`];
  if (connector.time) {
    reasons.push(
      `WHEN time IS NULL THEN 'no time that can be read'`,
      `WHEN time < TIMESTAMP '${earliest}' OR time > TIMESTAMP '${latest}' THEN 'a time outside ${earliest} to now: ' || CAST(time AS VARCHAR)`,
    );
  }
  if (connector.format === 'table') {
    for (const [column, definition] of Object.entries(connector.columns)) {
      if (definition.required) reasons.push(`WHEN blank(r.${column}) IS NULL THEN 'no value for ${column}'`);
    }
    for (const group of connector.one_of) {
      const filled = group.map((column) => `blank(r.${column})`).join(', ');
      reasons.push(`WHEN coalesce(${filled}) IS NULL THEN 'no value for any of ${group.join(', ')}'`);
    }
  }
  return `SELECT uid, time, CASE ${reasons.join(' ')} END AS reject, r, record
    FROM (SELECT ${literal(`${connector.id}:`)} || replace(${uid}, '~', '-') AS uid, ${time} AS time, usable, r, record FROM (${rows}))`;
}

function jsonRows(
  file: SourceFile,
  input: { path: string; compression: Compression; layout: 'ndjson' | 'array' },
): string {
  const recognition = file.recognition;
  const format = input.layout === 'array' ? 'array' : 'newline_delimited';
  const compression = input.compression === 'none' ? 'uncompressed' : input.compression;
  const source = `read_json_objects(${literal(input.path)}, format = '${format}', compression = '${compression}', maximum_object_size = ${maxRecordBytes})`;
  if (recognition.kind === 'table') {
    const fields = Object.keys(
      (recognition.connector as Extract<Connector, { format: 'table' }>).columns,
    ).map((column) => {
      const key = recognition.columns[column];
      return `${identifier(column)} := ${key === undefined ? 'CAST(NULL AS VARCHAR)' : `json_extract_string(json, ${literal(flatPath(key))})`}`;
    });
    return `SELECT struct_pack(${fields.join(', ')}) AS r, CAST(json AS VARCHAR) AS record, ${isObject} AS usable FROM ${source}`;
  }
  if (recognition.kind === 'none') throw new Error('not recognised');
  const shape = recognition.connector.format === 'table' ? {} : recognition.connector.record;
  const envelope = recognition.kind === 'json' ? recognition.envelope : '';
  const json = envelope ? opened(envelope) : 'json';
  return `SELECT json_transform(json, ${literal(JSON.stringify(shape))}) AS r, CAST(json AS VARCHAR) AS record, ${isObject} AS usable
    FROM (SELECT ${json} AS json FROM ${source})`;
}

/** Of valid JSON the first character says whether it is an object; asking for its type would parse it once more. */
const isObject = `coalesce(starts_with(CAST(json AS VARCHAR), '{') OR starts_with(ltrim(CAST(json AS VARCHAR)), '{'), false)`;

/** The value inside an envelope, parsed where it is JSON within a string. */
function opened(envelope: string): string {
  const path = literal(jsonPath(envelope.split('.')));
  const whole = literal(jsonPath([envelope]));
  const value = `coalesce(json_extract(json, ${path}), json_extract(json, ${whole}))`;
  // A record that came without the envelope the others have is taken as it is.
  return `coalesce(CASE json_type(${value}) WHEN 'VARCHAR' THEN try_cast(${value} ->> '$' AS JSON) WHEN 'OBJECT' THEN ${value} END, json)`;
}

function jsonPath(keys: string[]): string {
  return `$${keys.map((key) => `."${key.replaceAll('"', '\\"')}"`).join('')}`;
}

/** A flattened key (`profile.email`) as a path; keys of the file's own making are quoted. */
function flatPath(key: string): string {
  const dot = key.indexOf('.');
  return jsonPath(dot < 0 ? [key] : [key.slice(0, dot), key.slice(dot + 1)]);
}

function tableRows(file: SourceFile, path: string, compression: Compression): string {
  const { shape, recognition } = file;
  if (shape.kind === 'zeek' && recognition.kind === 'zeek') {
    const cell = (name: string) => `c${shape.fields.indexOf(name)}`;
    const record = (recognition.connector as Extract<Connector, { format: 'zeek' }>).record;
    const fields = Object.entries(record).map(([name, type]) => {
      const value = shape.fields.includes(name)
        ? `CASE ${cell(name)} WHEN ${literal(shape.empty)} THEN '' ELSE ${cell(name)} END`
        : 'NULL';
      return `${identifier(name)} := try_cast(${value} AS ${duckType(type)})`;
    });
    const all = shape.fields.map((name, i) => `${identifier(name)} := c${i}`);
    const columns = shape.fields.map((_, i) => `'c${i}': 'VARCHAR'`);
    return `SELECT struct_pack(${fields.join(', ')}) AS r, CAST(to_json(struct_pack(${all.join(', ')})) AS VARCHAR) AS record, true AS usable
      FROM read_csv(${literal(path)}, compression = '${compression}', auto_detect = false, header = false, skip = ${shape.skip}, delim = ${literal(shape.separator)},
        quote = '', escape = '', nullstr = ${literal(shape.unset)}, columns = {${columns.join(', ')}}, null_padding = true, ${lineLimits},
        ${rejectOptions})
      WHERE c0 IS NULL OR NOT starts_with(c0, '#')`;
  }
  if (shape.kind !== 'table' || recognition.kind !== 'table') throw new Error('not a table');
  const header = splitRow(shape.lines[recognition.headerLine] ?? '', shape.delimiter);
  const definition = recognition.connector as Extract<Connector, { format: 'table' }>;
  const fields = Object.keys(definition.columns).map((column) => {
    const at = header.indexOf(recognition.columns[column] ?? '\u0000');
    return `${identifier(column)} := ${at < 0 ? 'CAST(NULL AS VARCHAR)' : `c${at}`}`;
  });
  const seen = new Map<string, number>();
  const all = header.map((name, i) => {
    const key = name.toLowerCase() || 'column';
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return `${identifier(`${name || 'column'}${nth > 1 ? ` (${nth})` : ''}`)} := c${i}`;
  });
  const columns = header.map((_, i) => `'c${i}': 'VARCHAR'`);
  return `SELECT struct_pack(${fields.join(', ')}) AS r, CAST(to_json(struct_pack(${all.join(', ')})) AS VARCHAR) AS record, true AS usable
    FROM read_csv(${literal(path)}, compression = '${compression}', auto_detect = false, header = false, skip = ${recognition.headerLine + 1},
      delim = ${literal(shape.delimiter)}, quote = '"', escape = '"', columns = {${columns.join(', ')}}, null_padding = true,
      ${lineLimits}, ${rejectOptions})`;
}

/** DuckDB would hold sixteen lines of the longest kind at once: a quarter of a gigabyte for every file. */
const lineLimits = `max_line_size = ${maxRecordBytes}, buffer_size = ${2 * maxRecordBytes}`;

/** Lines that are no rows are set aside by DuckDB with their number, instead of ending the read. */
export const rejectTables = { errors: 'csv_reject_errors', scans: 'csv_reject_scans' };
const rejectOptions = `store_rejects = true, rejects_table = '${rejectTables.errors}', rejects_scan = '${rejectTables.scans}', parallel = false`;

export function duckType(shape: RecordShape): string {
  if (typeof shape === 'string') return shape;
  if (Array.isArray(shape)) return `${duckType(shape[0] as RecordShape)}[]`;
  return `STRUCT(${Object.entries(shape)
    .map(([name, inner]) => `${identifier(name)} ${duckType(inner)}`)
    .join(', ')})`;
}
