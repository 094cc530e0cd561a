// Puts the lines of hand-kept facts into order and drops repeated ones, so that a change shows as the lines it changed.
// Arguments: names of facts, or none for all.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { factsFolder } from './lib.mjs';

const asked = process.argv.slice(2);
for (const file of readdirSync(factsFolder).filter((name) => name.endsWith('.csv'))) {
  if (asked.length > 0 && !asked.includes(file.slice(0, -4))) continue;
  const before = readFileSync(factsFolder + file, 'utf8');
  const [header, ...lines] = before.replaceAll('\r\n', '\n').trimEnd().split('\n');
  const sorted = [...new Set(lines)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const after = `${[header, ...sorted].join('\n')}\n`;
  if (after === before) continue;
  writeFileSync(factsFolder + file, after);
  console.log(`${file}: put in order`);
}
