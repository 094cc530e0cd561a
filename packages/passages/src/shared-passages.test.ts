import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSharedPassages, type PassageDocument, sharedPassages } from './shared-passages.js';
import { points, resume, strangers } from './testing/resumes.js';

const crowd = strangers(40);

/** The passages between the two, as the texts that are marked. */
function between(documents: PassageDocument[], a: string, b: string, options = {}) {
  const texts = new Map(documents.map((document) => [document.id, document.text]));
  return sharedPassages(documents, options)
    .filter((passage) => passage.a === `${a}.txt` && passage.b === `${b}.txt`)
    .map((passage) => ({
      ...passage,
      aText: texts.get(passage.a)?.slice(passage.aStart, passage.aEnd),
      bText: texts.get(passage.b)?.slice(passage.bStart, passage.bEnd),
    }));
}

describe('sharedPassages', () => {
  it('finds a point that was copied word for word, and says where it is in both texts', () => {
    const documents = [
      ...crowd,
      resume('ann', points.turbines, points.museum),
      resume('bob', points.orchard, points.ledger, points.turbines),
    ];
    const [passage, ...others] = between(documents, 'ann', 'bob');
    expect(others).toEqual([]);
    expect(passage?.aText).toBe(points.turbines);
    expect(passage?.bText).toBe(points.turbines);
    expect(passage).toMatchObject({ similarity: 1, owners: 2 });
    expect(passage?.bits).toBeGreaterThan(9);
  });

  it('finds points in another order, and one that was lightly reworded', () => {
    const reworded = points.ledger
      .replace('Untangled', 'Cleaned up')
      .replace('stalled on', 'was held up by')
      .replace('nightly', 'daily');
    const documents = [
      ...crowd,
      resume('ann', points.turbines, points.ledger, points.museum),
      resume('bob', points.museum, reworded, points.turbines),
    ];
    const found = between(documents, 'ann', 'bob');
    expect(found.map((passage) => passage.aText)).toEqual([points.turbines, points.ledger, points.museum]);
    expect(found[1]?.similarity).toBeLessThan(1);
  });

  it('finds a clause that was moved within its sentence, with other figures and tenses', () => {
    const documents = [
      ...crowd,
      resume(
        'ann',
        'Halved corridor waiting by 12% when rebuilding the triage queue of a children hospital around nurse shifts',
      ),
      resume('bob', points.triage),
    ];
    expect(between(documents, 'ann', 'bob')).toHaveLength(1);
  });

  it('finds a text whose letters were swapped for look-alikes or split by invisible characters', () => {
    const disguised = points.kernels
      .replace(/o/g, 'о')
      .replace(/packet/g, 'pac\u200bket')
      .replace(/storage/, 'STÖRAGE');
    const documents = [...crowd, resume('ann', points.kernels), resume('bob', disguised)];
    const [passage] = between(documents, 'ann', 'bob');
    expect(passage?.bText).toBe(disguised);
  });

  it('finds nothing between two people who write of one thing in their own words', () => {
    const documents = [
      ...crowd,
      resume(
        'ann',
        'Cut the latency of the payments service by moving its hot tables into a cache in front of Postgres',
      ),
      resume(
        'bob',
        'Payments answered slowly; a cache before the Postgres tables fixed most of the latency complaints',
      ),
    ];
    expect(sharedPassages(documents)).toEqual([]);
  });

  it('finds nothing between colleagues who share the jargon of their employer', () => {
    const documents = [
      ...crowd,
      resume(
        'ann',
        'Migrated the Halcyon settlement fabric from batch files to streams for the brokerage desk in eleven weeks',
      ),
      resume(
        'bob',
        'Wrote operator training for the Halcyon settlement fabric and answered questions of regional branch staff',
      ),
    ];
    expect(sharedPassages(documents)).toEqual([]);
  });

  it('never links by phrases that all applications are made of, unless they are long', () => {
    const phrases = [
      'Results-driven software engineer with a proven track record of delivering scalable solutions in fast-paced environments',
      'Strong communication and problem-solving skills with a passion for continuous learning and innovation',
      'Mentored five junior engineers and established a weekly design review',
    ];
    expect(
      sharedPassages([...crowd, resume('ann', ...phrases), resume('bob', ...phrases.reverse())]),
    ).toEqual([]);
  });

  it('never links by the grammar of a language that few others write in', () => {
    const documents = [
      ...crowd,
      resume(
        'ann',
        'Responsável pela manutenção dos servidores da empresa e pelo suporte aos usuários das filiais do norte',
      ),
      resume(
        'bob',
        'Coordenação da equipe de vendas e do atendimento aos clientes das lojas, com foco na qualidade do serviço',
      ),
      resume(
        'eve',
        'Desarrollo de las aplicaciones para los clientes del banco y de la documentación para los equipos de soporte',
      ),
      resume(
        'joe',
        'Análisis de los datos para las campañas del equipo de ventas y de los informes para la dirección del grupo',
      ),
    ];
    expect(sharedPassages(documents)).toEqual([]);
  });

  it('never links people by schools, titles, contacts or lists of skills', () => {
    const lines = [
      'Bachelor of Science in Marine Cartography, Example University of Applied Hydrography, Harbour Campus',
      'Principal Hydrographic Survey Engineer, Example Tidal Instruments Incorporated',
      'Python, Fortran, Haskell, Erlang, Zig, Nim, OCaml, Elixir, Forth',
      'Write to office@hydrography.example.org or see https://hydrography.example.org/tidal/instruments/survey',
    ];
    expect(sharedPassages([...crowd, resume('ann', ...lines), resume('bob', ...lines)])).toEqual([]);
  });

  it('never links two documents of one owner', () => {
    const mine = { ...resume('ann', points.turbines), id: 'again.txt' };
    expect(sharedPassages([...crowd, resume('ann', points.turbines), mine])).toEqual([]);
  });

  it('never links by wording that is given as common, even if it was reworded', () => {
    const advert = `You will work on this:\n- ${points.parcels}.\n- ${points.speech}.`;
    const documents = [
      ...crowd,
      resume('ann', points.parcels, points.turbines),
      resume(
        'bob',
        points.parcels.replace('Persuaded', 'Convinced').replace('ending', 'stopping'),
        points.turbines,
      ),
    ];
    expect(between(documents, 'ann', 'bob')).toHaveLength(2);
    const found = between(documents, 'ann', 'bob', { common: [advert] });
    expect(found.map((passage) => passage.aText)).toEqual([points.turbines]);
  });

  it('never links by a template that many use', () => {
    const users = Array.from({ length: 30 }, (_, at) => resume(`user${at}`, points.orchard, points.museum));
    expect(sharedPassages([...crowd, ...users])).toEqual([]);
    expect(sharedPassages([...crowd, ...users.slice(0, 6)])).toEqual([]);
    expect(sharedPassages([...crowd, ...users.slice(0, 6)], { mostOwners: 6 })).not.toEqual([]);
  });

  it('counts the owners of a wording, and gives it one key wherever it is', () => {
    const users = ['ann', 'bob', 'eve', 'joe'].map((name) => resume(name, points.museum));
    const found = sharedPassages([...crowd, ...users]);
    expect(found).toHaveLength(6);
    expect(new Set(found.map((passage) => passage.key)).size).toBe(1);
    expect(found.every((passage) => passage.owners === 4)).toBe(true);
    const [pair] = sharedPassages([...crowd, ...users.slice(0, 2)]);
    expect(pair?.key).toBe(found[0]?.key);
    expect(pair?.bits).toBeGreaterThan(found[0]?.bits ?? Number.NaN);
  });

  it('counts documents of one owner once', () => {
    const again = Array.from({ length: 20 }, (_, at) => ({
      ...resume('ann', points.museum),
      id: `ann${at}.txt`,
    }));
    const found = sharedPassages([...crowd, ...again, resume('bob', points.museum)]);
    expect(found).toHaveLength(20);
    expect(found.every((passage) => passage.owners === 2)).toBe(true);
  });

  it('takes nothing, one text, empty texts and other alphabets', () => {
    expect(sharedPassages([])).toEqual([]);
    expect(sharedPassages([resume('ann', points.museum)])).toEqual([]);
    expect(
      sharedPassages([
        { id: 'a', owner: 'a', text: '' },
        { id: 'b', owner: 'b', text: ' \n•\n' },
      ]),
    ).toEqual([]);
    const text = '我在海上风力发电场重新设计了齿轮箱轴承的振动遥测系统使维护船可以提前出海';
    const found = sharedPassages([{ id: 'a', owner: 'a', text }, { id: 'b', owner: 'b', text }, ...crowd]);
    expect(found).toHaveLength(1);
  });

  it('refuses two documents with one id', () => {
    expect(() => sharedPassages([resume('ann'), resume('ann')])).toThrow(/two documents have the id ann/);
  });

  it('says which texts it did not read to the end', () => {
    const long = { id: 'long.txt', owner: 'long', text: `${points.museum}.\n`.repeat(4_000) };
    const result = findSharedPassages([...crowd, long, resume('ann', points.museum)]);
    expect(result.cut).toEqual(['long.txt']);
    expect(result.passages.map((passage) => passage.a)).toContain('ann.txt');
  });

  it('bounds its work on hostile texts', () => {
    const noise = 'spam ham '.repeat(200_000);
    const same = Array.from({ length: 3_000 }, (_, at) => resume(`clone${at}`, points.museum, points.ledger));
    const hostile = [
      { id: 'n1', owner: 'n1', text: noise },
      { id: 'n2', owner: 'n2', text: noise },
      { id: 'n3', owner: 'n3', text: 'x'.repeat(1_000_000) },
    ];
    expect(sharedPassages([...same, ...hostile])).toEqual([]);
  });

  it('gives the same, whatever the order of the documents', () => {
    const documents = [
      ...crowd.slice(0, 12),
      resume('ann', points.turbines, points.museum, points.ledger),
      resume('bob', points.ledger, points.turbines),
      resume('eve', points.museum, points.speech.replace('Compressed', 'Shrank')),
      resume('joe', points.speech, points.parcels),
    ];
    const expected = JSON.stringify(findSharedPassages(documents));
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
        expect(JSON.stringify(findSharedPassages(shuffled))).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('gives places inside the texts, whatever they hold, and finds every copy of a rare enough text', () => {
    const word = fc.string({
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzéÄßжλ'),
      minLength: 5,
      maxLength: 9,
    });
    const noise = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 12, maxLength: 14 }),
        noise,
        noise,
        (words, before, after) => {
          const copy = words.join(' ');
          const documents = [
            ...crowd,
            { id: 'a', owner: 'a', text: `${before}\n• ${copy}.\n${after}` },
            { id: 'b', owner: 'b', text: `${after}\n\n- ${copy}\n\n${before}` },
          ];
          const found = sharedPassages(documents).filter((passage) => passage.a === 'a' && passage.b === 'b');
          expect(found.length).toBeGreaterThan(0);
          for (const passage of found) {
            const [a, b] = [documents.at(-2)?.text ?? '', documents.at(-1)?.text ?? ''];
            expect(passage.aStart).toBeLessThan(passage.aEnd);
            expect(passage.aEnd).toBeLessThanOrEqual(a.length);
            expect(passage.bStart).toBeLessThan(passage.bEnd);
            expect(passage.bEnd).toBeLessThanOrEqual(b.length);
            expect(passage.similarity).toBeGreaterThanOrEqual(0.5);
            expect(passage.similarity).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
