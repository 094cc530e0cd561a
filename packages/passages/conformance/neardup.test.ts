import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedPassages } from '../src/index.js';

/** Public labelled sets, of which none is in this repository. */
const data = resolve(process.env.ROLLCALL_DATA ?? '../shared/data', 'neardup');
const shorts = join(data, 'clough_stevenson');
const pan = join(data, 'pan');

describe('near duplicates', () => {
  it.skipIf(!existsSync(shorts))(
    'finds copied and revised answers, none that were written independently (needs ../shared/data/neardup)',
    () => {
      const rows = readFileSync(join(shorts, 'file_information.shared.csv'), 'latin1')
        .trim()
        .split(/\r?\n/)
        .slice(1);
      const answers = rows.map((row) => {
        const [file = '', task = '', category = ''] = row.split(',');
        return { id: file, owner: file, text: readFileSync(join(shorts, file), 'latin1'), task, category };
      });
      // One source stands behind all answers to a question, so that its wording has many owners.
      const found = sharedPassages(answers, { mostOwners: 50 });
      const share = (category: string) => {
        const of = answers.filter((answer) => answer.category === category);
        const hit = of.filter(({ id, task }) => {
          const pair = [id, `orig_task${task}.txt`].sort();
          return found.some((passage) => passage.a === pair[0] && passage.b === pair[1]);
        });
        return hit.length / of.length;
      };
      expect(share('cut')).toBe(1);
      expect(share('light')).toBe(1);
      expect(share('heavy')).toBeGreaterThanOrEqual(0.7);
      expect(share('non')).toBe(0);
    },
  );

  it.skipIf(!existsSync(pan))(
    'is seldom wrong about single sentences on one subject (needs ../shared/data/neardup)',
    () => {
      const lines = (name: string) =>
        readFileSync(join(pan, `pan-train${name}`), 'utf8')
          .trim()
          .split('\n');
      const labels = lines('.labels');
      const documents = ['_s1.txt', '_s2.txt'].flatMap((name, side) =>
        lines(name).map((text, at) => ({ id: `${side}-${at}`, owner: `${side}-${at}`, text })),
      );
      const pairs = new Set(sharedPassages(documents).map(({ a, b }) => `${a} ${b}`));
      const found = labels.map((_, at) => pairs.has(`0-${at} 1-${at}`));
      const right = found.filter((hit, at) => hit && labels[at] === '1').length;
      expect(right / found.filter(Boolean).length).toBeGreaterThan(0.98);
      expect(right / labels.filter((label) => label === '1').length).toBeGreaterThan(0.38);
    },
  );
});
