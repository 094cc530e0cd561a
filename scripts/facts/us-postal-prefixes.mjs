// Rebuilds us-postal-prefixes.csv: which state the first three digits of a ZIP code lie in.
// Argument: lib/codes.js of the npm package zipcodes (BSD), which carries every ZIP code with its state.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { paths, writeFact } from './lib.mjs';

const [path] = paths('node scripts/facts/us-postal-prefixes.mjs node_modules/zipcodes/lib/codes.js', 1);
const { codes } = createRequire(import.meta.url)(resolve(path));

const states = new Map();
for (const { zip, state } of Object.values(codes)) {
  if (!/^\d{5}$/.test(zip) || !/^[A-Z]{2}$/.test(state ?? '')) continue;
  const prefix = zip.slice(0, 3);
  const counted = states.get(prefix) ?? new Map();
  states.set(prefix, counted.set(state, (counted.get(state) ?? 0) + 1));
}
const rows = [];
for (const [prefix, counted] of states) {
  // A few prefixes reach over a state line: each state is a row, so nothing true is contradicted.
  for (const state of counted.keys()) rows.push({ prefix, state });
}
writeFact('us-postal-prefixes', ['prefix', 'state'], rows);
