import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { catalogueProblems, catalogueSections, loadCatalogue, rowsOf } from './catalogue.js';
import { anchor, coverage, coverageMarkdown } from './coverage.js';
import { contentFolder, loadContent } from './load.js';

const docs = (name: string) => readFile(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');
const content = await loadContent();
const catalogue = await loadCatalogue(contentFolder);

describe('the catalogue', () => {
  it('has every section and row, each covered or with the reason why not, and names only what exists', () => {
    expect(catalogueProblems(catalogue, content)).toEqual([]);
  });

  it('has rows in all sections', () => {
    expect(Object.keys(catalogueSections).flatMap(rowsOf)).toHaveLength(150);
    expect(rowsOf('saas-and-work')).toEqual(expect.arrayContaining(['SA-04', 'CO-01', 'CO-02', 'WP-07']));
  });

  it('names sections of docs/refused-signals.md, all of them', async () => {
    const headings = [...(await docs('refused-signals.md')).matchAll(/^### (D-\d+ .+)$/gm)].map(
      (match) => match[1] as string,
    );
    const named = Object.values(catalogue.refused.rows).map((row) => row.section);
    expect(named).toEqual(headings);
    for (const [id, row] of Object.entries(catalogue.refused.rows))
      expect(row.section.startsWith(`${id} `), id).toBe(true);
  });

  it('names sources of docs/sources.md, each once', async () => {
    const tags = [...(await docs('sources.md')).matchAll(/^\| ([A-Z][A-Z0-9.-]+) +\|/gm)].map(
      (match) => match[1],
    );
    const sources = catalogue.advice.sources.map(({ source }) => source);
    expect(sources.filter((source) => !tags.includes(source))).toEqual([]);
    expect(new Set(sources).size).toBe(sources.length);
  });

  it('tells what is missing by name', () => {
    const lacking = { ...catalogue, sections: catalogue.sections.filter(({ id }) => id !== 'vendor') };
    expect(catalogueProblems(lacking, content)).toContain('content/catalogue/vendor.yml is not there');
    const strange = structuredClone(catalogue);
    strange.advice.sources = [
      { source: 'X', title: 'X', advice: [{ what: 'something', covered_by: ['no-such-thing', 'process'] }] },
    ];
    expect(catalogueProblems(strange, content)).toContain('advice of X: covered_by: no "no-such-thing"');
    const first = content.detections[0];
    if (!first) throw new Error('no detections');
    const misled = { ...content, detections: [{ ...first, catalogue: ['AP-99'] }] };
    expect(catalogueProblems(catalogue, misled)).toContain(`${first.id}: catalogue: no row AP-99`);
  });
});

describe('docs/coverage.md', () => {
  it('is what is generated: run rollcall content coverage --write docs/coverage.md', async () => {
    expect(await docs('coverage.md')).toBe(coverageMarkdown(coverage(catalogue, content)));
  });

  it('is linked to as headings are', () => {
    expect(anchor('D-9 Headphones, gaze, feelings, the way of typing')).toBe(
      'd-9-headphones-gaze-feelings-the-way-of-typing',
    );
    expect(anchor('SaaS, collaboration and work')).toBe('saas-collaboration-and-work');
  });
});
