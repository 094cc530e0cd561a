// Rebuilds disposable-mail-domains.csv. Argument: disposable_email_blocklist.conf of disposable-email-domains (CC0).
import { readFileSync } from 'node:fs';
import { paths, writeFact } from './lib.mjs';

const [path] = paths('node scripts/facts/disposable-mail-domains.mjs disposable_email_blocklist.conf', 1);
const domains = readFileSync(path, 'utf8')
  .split('\n')
  .map((line) => line.trim().toLowerCase())
  .filter((line) => /^[a-z0-9.-]+\.[a-z0-9-]{2,}$/.test(line));
writeFact(
  'disposable-mail-domains',
  ['domain'],
  domains.map((domain) => ({ domain })),
);
