import { describe, expect, it } from 'vitest';
import { telling } from './telling.js';

const passage = (words: number, people: number, bits: number) => ({ words, people, bits });

describe('passages worth showing', () => {
  it('are one long and surprising one, or several', () => {
    expect(telling([passage(12, 2, 10.5)])).toHaveLength(1);
    expect(telling([passage(7, 2, 9), passage(7, 3, 8), passage(7, 2, 9)])).toHaveLength(3);
    expect(telling([passage(12, 60, 13)])).toHaveLength(1);
  });

  it('are not a phrase or two that people of one trade write', () => {
    expect(telling([])).toEqual([]);
    expect(telling([passage(6, 2, 9.1), passage(6, 3, 8.8)])).toEqual([]);
    expect(telling([passage(12, 6, 7.7), passage(12, 6, 7.7), passage(12, 6, 7.7)])).toEqual([]);
  });
});
