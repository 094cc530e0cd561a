// Shared by the fact builders: one way to fold a name, one way to write a CSV.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const factsFolder = fileURLToPath(new URL('../../content/facts/', import.meta.url));

const letters = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ə: 'a' };

/** The comparison key of a name: lower case, accents folded, everything but letters and digits a single space. */
export function fold(name) {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøłđðþıə]/g, (letter) => letters[letter])
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Rows sorted by all their cells, duplicates dropped, LF at line ends: the same input gives the same bytes. */
export function writeFact(name, columns, rows) {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','));
  const sorted = [...new Set(lines)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  writeFileSync(`${factsFolder}${name}.csv`, `${[columns.join(','), ...sorted].join('\n')}\n`);
  console.log(`${name}.csv: ${sorted.length} rows`);
}

function cell(value) {
  const text = value === undefined || value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Stops with how to call the script when an argument is missing. */
export function paths(usage, count) {
  const given = process.argv.slice(2);
  if (given.length === count) return given;
  console.error(`usage: ${usage}`);
  process.exit(2);
}

/** A CSV kept by hand beside the scripts: header and rows, cells quoted as in RFC 4180. */
export function readRows(path) {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split('\n').map(splitLine);
  return lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
}

function splitLine(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    (m) => m[1]?.replaceAll('""', '"') ?? m[2],
  );
}
