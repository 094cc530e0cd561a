// Rebuilds remote-access-tools.csv from a checkout of LOLRMM (Apache-2.0) and the rows kept by hand in
// remote-access-own.csv. Argument: LOLRMM's yaml folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { paths, readRows, writeFact } from './lib.mjs';
import {
  dropped,
  droppedDomains,
  leftOut,
  reported,
  serviceDomains,
  tools,
} from './remote-access-choice.mjs';

const [folder] = paths('node scripts/facts/remote-access-tools.mjs LOLRMM/yaml', 1);
const asOf = '2026-08-21';
const list = (value) => (Array.isArray(value) ? value : value ? [value] : []);
const droppedNames = new Set(Object.values(dropped).flat());

const chosen = new Map();
for (const [kind, byTool] of Object.entries(tools))
  for (const [tool, names] of Object.entries(byTool))
    for (const name of names) chosen.set(name, { tool, kind });
const refused = new Set(Object.values(leftOut).flat());

const rows = [];
const skipped = new Set();
for (const file of readdirSync(folder).sort()) {
  const entry = parse(readFileSync(join(folder, file), 'utf8'));
  const choice = chosen.get(entry.Name);
  if (!choice) {
    if (!refused.has(entry.Name)) console.log(`not classified, left out: ${entry.Name} (${file})`);
    continue;
  }
  const add = (match_kind, pattern, platform) => {
    if (droppedNames.has(pattern)) return void skipped.add(`${choice.tool}: ${pattern}`);
    rows.push({
      ...choice,
      match_kind,
      pattern,
      platform,
      reported: reported.has(choice.tool),
      source: 'LOLRMM',
      as_of: asOf,
    });
  };
  const files = [
    ...list(entry.Details?.InstallationPaths),
    ...list(entry.Details?.PEMetadata).flatMap((pe) => [pe.Filename, pe.OriginalFileName]),
  ];
  for (const path of files) {
    const read = readPath(path);
    if (read) add(read.match_kind, read.pattern, read.platform);
    else if (path) skipped.add(`${choice.tool}: ${path}`);
  }
  for (const event of list(entry.Artifacts?.EventLog)) {
    const service = event.ServiceName?.toLowerCase().replaceAll('*', '%');
    if (service && /[a-z0-9]{5}/.test(service) && !droppedNames.has(service))
      add('service', service, 'windows');
  }
  for (const network of list(entry.Artifacts?.Network))
    for (const domain of list(network.Domains)) {
      const pattern = readDomain(domain);
      if (pattern) add('domain', pattern, 'any');
      else skipped.add(`${choice.tool}: ${domain}`);
    }
}

/** A path or file name of LOLRMM as a pattern, or nothing where it is too general to mean the tool. */
function readPath(text) {
  if (!text || typeof text !== 'string') return undefined;
  let path = text
    .toLowerCase()
    .trim()
    .replace(/\\{2,}/g, '\\')
    .replace(/<[^>]*>|\(random\)|\[[^\]]*\]\*?/g, '*');
  path = path
    .replace(/%[a-z()0-9]+%/g, '*')
    .replaceAll('*', '%')
    .replace(/%+/g, '%');
  if (droppedNames.has(path) || /[ˆ{}]/.test(path)) return undefined;
  // Installers and downloads lie on many a disk and run once; what counts is the tool itself.
  if (
    /setup|install|\.(msi|mst|pkg|zip|dll|lnk|vbs|json|txt|ps1|cmd|xml|sock|plist)$|\\downloads\\|\\temp\\/.test(
      path,
    )
  )
    return undefined;
  if (path.startsWith('/applications/'))
    return { match_kind: 'path', pattern: `${path.replace(/\/?%?$/, '')}%`, platform: 'macos' };
  if (path.startsWith('/library/')) return undefined;
  if (path.startsWith('/')) {
    if (/^\/(etc|var|lib)\//.test(path)) return undefined;
    return { match_kind: 'path', pattern: path, platform: 'linux' };
  }
  if (path.includes('\\')) {
    const name = path.split('\\').at(-1);
    if (name.endsWith('.exe') && /^(%\\)?[^\\%]+\.exe$/.test(path)) return readPath(name);
    // The tool's own folder, wherever the drive or the user, down to the first part that varies.
    const parts = path.split('\\').filter((part) => part && part !== '%' && !/^[a-z]:$/.test(part));
    const generic =
      /^(program files.*|programdata|%?users|appdata|local|roaming|programs|windows|serviceprofiles|localservice|syswow64|system32|bin|%)$/;
    const own = [];
    for (const part of path.split('\\')) {
      if (!part || /^[a-z]:$/.test(part) || generic.test(part)) {
        if (own.length > 0 && part === '%') break;
        continue;
      }
      own.push(part);
    }
    if (own.at(-1)?.endsWith('.exe')) {
      if (own.length === 1) return readPath(own[0]);
      own.pop();
    }
    if (own.join('').replaceAll('%', '').length < 5 || own[0].startsWith('%')) return undefined;
    // "\level\" and the like are words: keep the folder they stand in.
    const word = own.length === 1 && own[0].length < 6 && parts[0].startsWith('program');
    return {
      match_kind: 'path',
      pattern: `%\\${word ? `${parts[0]}\\` : ''}${own.join('\\')}\\%`,
      platform: 'windows',
    };
  }
  if (!path.endsWith('.exe')) return undefined;
  const literal = path.replace(/\.exe$/, '').split('%')[0];
  if (literal.length < (path.includes('%') ? 5 : 4)) return undefined;
  return { match_kind: 'process', pattern: path, platform: 'windows' };
}

function readDomain(text) {
  if (droppedNames.has(String(text).toLowerCase())) return undefined;
  const domain = String(text)
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\*\.-/, '*-');
  if (!/^[*a-z0-9.-]+\.[a-z]{2,}$/.test(domain) || /\*[^.]/.test(domain)) return undefined;
  const plain = domain.replace(/^\*\./, '');
  if (droppedDomains.some((one) => one.test(plain))) return undefined;
  // The bare domain is the maker's shop window. Reading about a tool is not using it.
  if (
    !domain.startsWith('*.') &&
    /^[^.]+\.((co|com|net|org)\.)?[a-z]+$/.test(plain) &&
    !serviceDomains.has(plain)
  )
    return undefined;
  if (/^(www|docs|help|support|forum|trust|static)\./.test(plain)) return undefined;
  return domain.replaceAll('*', '%');
}

const own = readRows(fileURLToPath(new URL('./remote-access-own.csv', import.meta.url)));
// A row upstream has too keeps the upstream source.
const key = (row) => `${row.tool}|${row.match_kind}|${row.pattern}`;
const seen = new Set(rows.map(key));
for (const row of own) if (!seen.has(key(row))) rows.push({ ...row, reported: reported.has(row.tool) });

const unique = new Map();
for (const row of rows) if (!unique.has(key(row))) unique.set(key(row), row);

/** LIKE, with the other pattern taken as plain text: true where one makes the other unnecessary. */
function covers(one, other) {
  const pattern = one.pattern
    .split('%')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return (
    one !== other &&
    one.tool === other.tool &&
    one.match_kind === other.match_kind &&
    new RegExp(`^${pattern}$`).test(other.pattern)
  );
}
for (const [name, row] of unique) {
  if (
    row.source === 'LOLRMM' &&
    [...unique.values()].some((other) => covers(other, row) && !(covers(row, other) && name < key(other)))
  )
    unique.delete(name);
}
writeFact(
  'remote-access-tools',
  ['tool', 'kind', 'match_kind', 'pattern', 'platform', 'reported', 'source', 'as_of'],
  [...unique.values()],
);
console.log(`patterns left out as too general, installers or other makers' domains: ${skipped.size}`);
if (process.env.SHOW_SKIPPED) console.log([...skipped].sort().join('\n'));
