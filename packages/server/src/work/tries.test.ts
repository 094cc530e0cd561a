import { RollcallError } from '@rollcall/engine';
import { expect, it } from 'vitest';
import { mayBeOfTheBatch, Tries } from './tries.js';

const at = (hour: number) => new Date(Date.UTC(2026, 5, 1, hour));

it('tries a batch three times, lets it rest for six hours, and tries it once more', () => {
  const tries = new Tries();
  for (let nth = 0; nth < 3; nth++) {
    expect(tries.resting('a', at(9))).toBeUndefined();
    tries.failed('a', 'SyntaxError', at(9));
  }
  expect(tries.resting('a', at(14))).toBe('SyntaxError');
  expect(tries.resting('b', at(14))).toBeUndefined();
  expect(tries.resting('a', at(15))).toBeUndefined();
  tries.failed('a', 'ENDED', at(15));
  expect(tries.resting('a', at(16))).toBe('ENDED');
  tries.done('a');
  expect(tries.resting('a', at(16))).toBeUndefined();
});

it.each([
  ['a damaged account', new SyntaxError('Unexpected end of JSON input'), true],
  ['a file that is no text', new RollcallError('QUERY_FAILED', 'no'), true],
  ['too much for memory', new Error('Out of Memory Error: could not allocate'), true],
  ['a lake that is in use', new RollcallError('LAKE_LOCKED', 'no'), false],
  ['a full disk', Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }), false],
  ['a disk that DuckDB found full', new Error('IO Error: No space left on device'), false],
])('%s may be the fault of what was read: %s', (_, error, expected) => {
  expect(mayBeOfTheBatch(error)).toBe(expected);
});
