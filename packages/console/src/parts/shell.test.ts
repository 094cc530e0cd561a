import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { command } from './shell.js';

describe('a command to paste', () => {
  it('is as plain as its words', () => {
    expect(command('rollcall', 'explanations', 'confirm', 'household-0a1b2c', '--by', 'NAME')).toBe(
      'rollcall explanations confirm household-0a1b2c --by NAME',
    );
  });

  it('hands every word to the program as it was, whatever it holds', () => {
    const words = ["it's", '$(touch x)', '`id`', 'a b', '', ';ls', '\\', '"', 'ü\n', '*', '~'];
    const line = command(process.execPath, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...words);
    expect(JSON.parse(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }))).toEqual(words);
  });
});
