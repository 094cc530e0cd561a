import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { filled, inAddress, quoted } from './shell.js';

/** Seeded, so that a failure can be repeated. */
function* seeded(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

const nasty = [
  `'; rm -rf / #`,
  '$(id)',
  '`id`',
  '"; id; "',
  'a\nb',
  '!!',
  "it's!x",
  '\\',
  "\\'",
  '-rf',
  '--help',
  '*',
  '~',
  '$HOME',
  ['$', '{HOME}'].join(''),
  'a\tb',
  '\u001b[201~',
  'ü\u202Egnp',
  '日本語',
  '\u{1F600}',
  '',
  ' ',
  '%s%n',
  '\x7f',
  "$'x'",
];

describe('a value in a command', () => {
  it('comes out of the shell as it went in, whatever it holds', () => {
    const random = seeded(1);
    const chars = [...` abcXYZ019'"\\$\`!#&|;<>(){}[]*?~^%=+-.,:/@\n\t\r\u0001\u001b\u007fé\u202e語😀`];
    const values = [...nasty];
    for (let i = 0; i < 400; i++) {
      const length = (random.next().value as number) % 24;
      let value = '';
      for (let j = 0; j < length; j++) value += chars[(random.next().value as number) % chars.length];
      values.push(value);
    }
    // All in one shell: a value that breaks out would spoil those after it.
    const script = values.map((value) => `account=${quoted(value)}\nprintf '%s\\0' "$account"`).join('\n');
    const out = execFileSync('/bin/bash', ['--norc', '-c', script], {
      encoding: 'utf8',
      env: { PATH: '/nowhere', LC_ALL: 'C' },
    });
    expect(out.split('\0').slice(0, -1)).toEqual(values);
  });

  it('is written with nothing that acts on a terminal', () => {
    for (const value of nasty) expect(quoted(value)).toMatch(/^\$?'[\x20-\x7e]*'$/);
  });

  it('is refused where no shell can hold it', () => {
    expect(quoted('a\0b')).toBeUndefined();
    expect(filled('run "$account"', { account: 'a\0b' })).toBeUndefined();
  });

  it('stands before the command, only where the command names it', () => {
    expect(filled('run "$account_url"', { account: 'a b', account_url: 'a%20b' })).toBe(
      `account_url='a%20b'\nrun "$account_url"`,
    );
    expect(filled('run "$account"\n', { account: "o'neil", serial: 'X' })).toBe(
      `account=$'o\\x27neil'\nrun "$account"`,
    );
  });

  it('is one part of an address, and no more', () => {
    expect(inAddress("a/b?c#d&e'f")).toBe('a%2Fb%3Fc%23d%26e%27f');
    expect(inAddress('../x')).toBe('..%2Fx');
    expect(new URL(`https://example.com/${inAddress('a/../../b')}/x`).pathname).toBe('/a%2F..%2F..%2Fb/x');
    expect(inAddress('\ud800')).toBe('%EF%BF%BD');
  });
});
