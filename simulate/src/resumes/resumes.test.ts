import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import {
  bulletsOf,
  copyPart,
  copyUnderOtherName,
  drawAdvert,
  drawEmployer,
  drawIdentity,
  drawTemplate,
  employer,
  fieldNamed,
  fields,
  fromAdvert,
  machineBoilerplate,
  makeResume,
  type Resume,
  reorder,
  resumeText,
  rewordResume,
  sameEmployer,
  sameTemplate,
  template,
} from './index.js';

const random = (...key: (string | number)[]) => new Random('test', ...key);

/** Share of the words of `a` that `b` has as well, figures left out. */
function agreement(a: string, b: string): number {
  const words = (text: string) => new Set(text.toLowerCase().match(/[a-z]{3,}/g));
  const other = words(b);
  const own = [...words(a)];
  return own.filter((word) => other.has(word)).length / own.length;
}

function runs(text: string, length: number): Set<string> {
  const words = text.toLowerCase().match(/\w+/g) ?? [];
  return new Set(words.slice(length - 1).map((_, i) => words.slice(i, i + length).join(' ')));
}

const body = (resume: Resume) => bulletsOf(resume).join('\n');

describe('makeResume', () => {
  it('gives the same résumé for the same stream', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const make = () => {
          const stream = random(seed);
          const from = drawTemplate(stream);
          return resumeText(makeResume(stream, { template: from }), from.layout);
        };
        expect(make()).toBe(make());
      }),
      { numRuns: 30 },
    );
  });

  it('is plain data with jobs that follow one another', () => {
    for (let i = 0; i < 200; i++) {
      const resume = makeResume(random('plain', i));
      expect(JSON.parse(JSON.stringify(resume))).toEqual(resume);
      const { employment } = resume;
      for (const [n, job] of employment.entries()) {
        expect(job.start).toMatch(/^\d{4}-(0[1-9]|1[0-2])$/);
        if (job.end !== undefined) expect(job.end >= job.start).toBe(true);
        const next = employment[n + 1];
        if (next) expect((next.end ?? '9') <= job.start).toBe(true);
      }
    }
  });

  it('uses reserved domains and numbers kept for fiction', () => {
    for (let i = 0; i < 300; i++) {
      const { contacts } = drawIdentity(random('who', i));
      expect(contacts.email).toMatch(/^[a-z0-9.]+@example\.(com|org|net)$/);
      expect(contacts.phone).toMatch(/^\(\d+\) 555-01\d\d$/);
      for (const link of contacts.links) expect(link).toMatch(/^https:\/\/\w+\.example\.(com|org)\//);
    }
  });

  it('leaves no gap of a frame open, in any field or style', () => {
    for (const [field] of fields)
      for (const style of ['own', 'machine'] as const)
        for (let i = 0; i < 40; i++) {
          const stream = random(field.id, style, i);
          const from = drawTemplate(stream);
          const text = resumeText(makeResume(stream, { field, style, template: from }), from.layout);
          expect(text).not.toMatch(/[{}]|undefined|NaN/);
        }
  });

  it('lets the unrelated share phrases, hardly ever long runs of words', () => {
    let long = 0;
    let short = 0;
    const pairs = 150;
    for (let i = 0; i < pairs; i++) {
      const [a, b] = [0, 1].map((n) =>
        body(makeResume(random('pair', i, n), { field: fieldNamed('backend'), bullets: 14 })),
      );
      const other5 = runs(b ?? '', 3);
      const other12 = runs(b ?? '', 14);
      short += [...runs(a ?? '', 3)].some((run) => other5.has(run)) ? 1 : 0;
      long += [...runs(a ?? '', 14)].some((run) => other12.has(run)) ? 1 : 0;
    }
    expect(short / pairs).toBeGreaterThan(0.7);
    expect(long / pairs).toBeLessThan(0.3);
  });
});

describe('resumeText', () => {
  it('holds every bullet, fixed line and name, however it is set', () => {
    const squeeze = (text: string) => text.replace(/\s+/g, ' ');
    for (let i = 0; i < 100; i++) {
      const from = template(i);
      const resume = makeResume(random('text', i), { template: from });
      const text = squeeze(resumeText(resume, from.layout));
      for (const line of [...bulletsOf(resume), ...resume.fixed, ...resume.summary])
        expect(text).toContain(squeeze(line));
      expect(text).toContain(`${resume.name.given} ${resume.name.family}`);
    }
  });

  it('breaks lines at the width of the layout', () => {
    const layout = { ...template(0).layout, wrap: 60 };
    const lines = resumeText(makeResume(random('wrap')), layout).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(61);
  });
});

describe('changes', () => {
  const source = makeResume(random('source'), { bullets: 12 });
  const other = makeResume(random('other'), { bullets: 10 });

  it('copies everything but name and contacts', () => {
    const identity = drawIdentity(random('copier'));
    const copy = copyUnderOtherName(source, identity);
    expect(copy).toEqual({ ...source, ...identity });
  });

  it('copies as many bullets as asked for, word for word', () => {
    for (let count = 0; count <= 6; count++) {
      const copy = copyPart(random('part', count), source, other, count);
      const known = new Set(bulletsOf(source));
      expect(bulletsOf(copy).filter((line) => known.has(line))).toHaveLength(count);
      expect(bulletsOf(copy)).toHaveLength(10);
      expect(copy.name).toEqual(other.name);
    }
  });

  it('keeps the bullets when it reorders, and nothing else', () => {
    const moved = reorder(random('order'), source, other);
    expect([...bulletsOf(moved)].sort()).toEqual([...bulletsOf(source)].sort());
    expect(bulletsOf(moved)).not.toEqual(bulletsOf(source));
    expect(moved.employment.map((job) => job.employer)).toEqual(other.employment.map((job) => job.employer));
  });

  it('rewords lightly and heavily', () => {
    let light = 0;
    let heavy = 0;
    for (let i = 0; i < 40; i++) {
      const resume = makeResume(random('reword', i), { bullets: 12 });
      light += agreement(body(resume), body(rewordResume(random('l', i), resume, 'light'))) / 40;
      heavy += agreement(body(resume), body(rewordResume(random('h', i), resume, 'heavy'))) / 40;
    }
    expect(light).toBeGreaterThan(0.8);
    expect(light).toBeLessThan(0.97);
    expect(heavy).toBeGreaterThan(0.5);
    expect(heavy).toBeLessThan(light - 0.1);
  });

  it('shares a template without sharing bullets', () => {
    const from =
      Array.from({ length: 50 }, (_, i) => template(i)).find(({ fixed }) => fixed.length > 1) ?? template(0);
    const [a, b] = [0, 1].map((n) => sameTemplate(random('template', n), from));
    expect(a?.fixed).toEqual(from.fixed);
    expect(b?.fixed).toEqual(from.fixed);
    expect(bulletsOf(a as Resume)).not.toEqual(bulletsOf(b as Resume));
  });

  it('shares the words of an employer, not its sentences', () => {
    const one = employer(7);
    const resumes = [0, 1].map((n) => sameEmployer(random('jargon', n), [one], { bullets: 14 }));
    for (const resume of resumes)
      expect(one.systems.some(({ name }) => body(resume).includes(name))).toBe(true);
  });

  it('echoes an advert', () => {
    const stream = random('advert');
    const advert = drawAdvert(stream, fieldNamed('data'), drawEmployer(stream));
    const echo = fromAdvert(stream, other, advert, 4);
    expect(bulletsOf(echo).filter((line) => advert.lines.includes(line))).toHaveLength(4);
    expect(echo.headline).toBe(advert.title);
  });

  it('lets a machine write it', () => {
    const field = fieldNamed('backend');
    const all = Array.from({ length: 30 }, (_, i) => machineBoilerplate(random('machine', i), other, field));
    const frames = new Set(all.flatMap(bulletsOf).map((line) => line.split(' ')[0]));
    expect(frames.size).toBeLessThanOrEqual(20);
    expect(bulletsOf(all[0] as Resume)).not.toEqual(bulletsOf(other));
  });
});
