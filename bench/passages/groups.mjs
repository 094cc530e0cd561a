/** Groups of résumés that belong together because somebody copied, and groups that resemble each other though nobody did. */
import {
  advertText,
  bulletsOf,
  copyPart,
  copyUnderOtherName,
  drawAdvert,
  drawEmployer,
  drawIdentity,
  drawTemplate,
  fields,
  fromAdvert,
  isStock,
  makeResume,
  reorder,
  rewordResume,
  sameEmployer,
  sameTemplate,
  template,
  templateCount,
} from '../../simulate/dist/resumes/index.js';

/** One kind of group each: draws its documents. Weight: how often, among its side. */
export const copies = [
  [verbatim, 3],
  [partial, 4],
  [reordered, 3],
  [reworded, 4],
  [rewordedHeavily, 1],
  [twoBullets, 1],
  [partReworded, 1],
];
export const honest = [
  [independent, 60],
  [machine, 22],
  [rareTemplate, 1.2],
  [colleagues, 1.2],
  [applicants, 1.2],
  [twoVersions, 3],
];

/** A résumé of a source: enough lines of its own words that copying them says something. */
function source(random, style = 'own') {
  const [field] = [random.weighted(fields)];
  const from = drawTemplate(random);
  const employers = [drawEmployer(random), drawEmployer(random)];
  const resume = makeResume(random, { field, employers, template: from, style, bullets: random.int(8, 18) });
  return { resume, field, from, employers, style };
}

function rest(random, field) {
  const from = drawTemplate(random);
  const employers = [drawEmployer(random), drawEmployer(random)];
  const resume = makeResume(random, { field, employers, template: from, bullets: random.int(8, 18) });
  return { resume, field, from, employers, style: 'own' };
}

/** Without the lines that many have. */
function ownLines(resume) {
  return {
    ...resume,
    employment: resume.employment.map((job) => ({
      ...job,
      bullets: job.bullets.filter((line) => !isStock(line)),
    })),
  };
}

function withEnough(random) {
  for (;;) {
    const made = source(random);
    if (bulletsOf(ownLines(made.resume)).length >= 6) return made;
  }
}

export function verbatim(random) {
  const first = source(random, random.chance(0.15) ? 'machine' : 'own');
  const members = [first];
  const size = random.weighted([
    [2, 6],
    [3, 2],
    [4, 1],
  ]);
  while (members.length < size)
    members.push({
      ...first,
      resume: copyUnderOtherName(first.resume, drawIdentity(random)),
      from: random.chance(0.5) ? first.from : drawTemplate(random),
    });
  return group('verbatim', members);
}

export function partial(random) {
  const first = withEnough(random);
  const own = ownLines(first.resume);
  const size = random.weighted([
    [2, 5],
    [3, 1],
  ]);
  const members = [first];
  // The same bullets to everybody, so that every pair of the group shares them.
  const lines = random.sample(bulletsOf(own), random.int(3, 6));
  const taken = { ...own, employment: [{ ...own.employment[0], bullets: lines }] };
  while (members.length < size) {
    const other = rest(random, random.chance(0.8) ? first.field : random.weighted(fields));
    members.push({ ...other, resume: copyPart(random, taken, other.resume, lines.length) });
  }
  return group('partial', members);
}

export function reordered(random) {
  const first = withEnough(random);
  const members = [first];
  const size = random.weighted([
    [2, 5],
    [3, 1],
  ]);
  while (members.length < size) {
    const other = rest(random, first.field);
    members.push({ ...other, resume: reorder(random, first.resume, other.resume) });
  }
  return group('reordered', members);
}

export function reworded(random) {
  const first = withEnough(random);
  return group('reworded', [first, inOtherWords(random, first, 'light')]);
}

function rewordedHeavily(random) {
  const first = withEnough(random);
  return group('reworded heavily', [first, inOtherWords(random, first, 'heavy')], false);
}

function inOtherWords(random, first, strength) {
  const said = rewordResume(random, first.resume, strength);
  const other = rest(random, first.field);
  const resume = random.chance(0.5)
    ? copyUnderOtherName(said, drawIdentity(random))
    : { ...reorder(random, said, other.resume), summary: said.summary };
  return { ...other, resume };
}

function twoBullets(random) {
  const first = withEnough(random);
  const other = rest(random, first.field);
  const resume = copyPart(random, ownLines(first.resume), other.resume, random.int(1, 2));
  return group('one or two bullets', [first, { ...other, resume }], false);
}

function partReworded(random) {
  const first = withEnough(random);
  const other = rest(random, first.field);
  const said = rewordResume(random, ownLines(first.resume), 'light');
  return group(
    'partial, reworded',
    [first, { ...other, resume: copyPart(random, said, other.resume, random.int(3, 6)) }],
    false,
  );
}

export function independent(random) {
  const from = drawTemplate(random);
  const field = random.weighted(fields);
  const employers = Array.from({ length: random.int(1, 4) }, () => drawEmployer(random));
  return group('', [
    { resume: makeResume(random, { field, employers, template: from }), from, employers, style: 'own' },
  ]);
}

export function machine(random) {
  const from = drawTemplate(random);
  const field = random.weighted(fields);
  const employers = Array.from({ length: random.int(1, 4) }, () => drawEmployer(random));
  const resume = makeResume(random, { field, employers, template: from, style: 'machine' });
  return group('', [{ resume, from, employers, style: 'machine' }]);
}

/** A handful of people with a template hardly anybody else has. */
function rareTemplate(random) {
  let from = template(random.int(0, templateCount - 1));
  while (from.fixed.length + from.summary.length < 2) from = template(random.int(0, templateCount - 1));
  const size = random.int(2, 12);
  return group(
    '',
    Array.from({ length: size }, () => {
      const employers = Array.from({ length: random.int(1, 3) }, () => drawEmployer(random));
      const resume = sameTemplate(random, from, { field: random.weighted(fields), employers });
      return { resume, from, employers, style: 'own' };
    }),
  );
}

function colleagues(random) {
  const employers = [drawEmployer(random), drawEmployer(random)];
  const field = random.weighted(fields);
  return group(
    '',
    Array.from({ length: random.int(2, 12) }, () => {
      const from = drawTemplate(random);
      return {
        resume: sameEmployer(random, employers, { field, template: from }),
        from,
        employers,
        style: 'own',
      };
    }),
  );
}

/** Texts of the adverts drawn so far. */
export const adverts = [];

/** Those who answered one advert and took its words. */
function applicants(random) {
  const field = random.weighted(fields);
  const advert = drawAdvert(random, field, drawEmployer(random));
  const number = adverts.push(advertText(advert)) - 1;
  return group(
    '',
    Array.from({ length: random.int(3, 15) }, () => {
      const from = drawTemplate(random);
      const employers = Array.from({ length: random.int(1, 3) }, () => drawEmployer(random));
      const own = makeResume(random, { field, employers, template: from, bullets: random.int(8, 18) });
      const resume = fromAdvert(random, own, advert, random.int(2, 6));
      return { resume, from, employers, style: 'own', advert: number };
    }),
  );
}

/** One person's résumé in two versions: no link, whatever they share. */
function twoVersions(random) {
  const first = source(random);
  const next = { ...first, resume: reorder(random, first.resume, first.resume), from: drawTemplate(random) };
  return { class: '', members: [first, next], one: true, scored: true };
}

function group(name, members, scored = true) {
  return { class: name, members, scored, one: false };
}
