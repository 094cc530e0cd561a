import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { loadContent } from './load.js';

it('every source a detection names is told in docs/sources.md, once', async () => {
  const text = await readFile(new URL('../../../../docs/sources.md', import.meta.url), 'utf8');
  const tags = [...text.matchAll(/^\| ([A-Z][A-Z0-9.-]+) +\|/gm)].map((match) => match[1] as string);
  expect(tags.filter((tag, i) => tags.indexOf(tag) !== i)).toEqual([]);
  const { detections } = await loadContent();
  const unknown = detections.flatMap((detection) =>
    detection.sources.filter((tag) => !tags.includes(tag)).map((tag) => `${detection.id}: ${tag}`),
  );
  expect(unknown).toEqual([]);
});
