import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../read-document.js';
import { dateRange } from './dates.js';
import { headingOf } from './lines.js';
import { extractProfile, type Profile } from './profile.js';

async function profileOf(text: string): Promise<Profile> {
  const document = await readDocument('cv.txt', new TextEncoder().encode(text));
  if (document.outcome !== 'read') throw new Error(document.message);
  return extractProfile(document, { homeCountry: 'US' });
}
const values = (list: readonly { value: string }[]): string[] => list.map((entry) => entry.value);

describe('contacts', () => {
  it('are read in the ways people write them', async () => {
    const profile = await profileOf(
      'Ada Example\n12 Birch Street, Apt 4, Columbus, OH 43004 | ada.example+cv@example.com | (614) 555-0101\nMobile: +44 20 7946 0958 | github.com/ada-example | https://www.linkedin.com/in/Ada-Example/ | GitHub: @ada-two',
    );
    expect(values(profile.emails)).toEqual(['ada.example+cv@example.com']);
    expect(values(profile.phones)).toEqual(['+16145550101', '+442079460958']);
    expect(profile.phones.map((phone) => phone.countryAssumed)).toEqual([true, false]);
    expect(profile.handles.map(({ site, value }) => `${site} ${value}`)).toEqual([
      'github.com ada-example',
      'linkedin.com ada-example',
      'github.com ada-two',
    ]);
    expect(values(profile.addresses)).toEqual(['12 Birch Street, Apt 4, Columbus, OH 43004']);
  });

  it('are not read out of dates, figures, file names and names of programs', async () => {
    const profile = await profileOf(
      'Experience\n\n2015 - 2019 2020 10.12.2014\nSaved 1,250,000 USD in 2019-2020 with Node.js, ASP.NET and e.g. report.pdf\nGPA 3.80 (9.50/10.0), ticket 4155550101, ISBN 978-3-16-148410-0',
    );
    expect(profile.phones).toEqual([]);
    expect(profile.emails).toEqual([]);
    expect(profile.links).toEqual([]);
  });

  it('do not come from hidden text', async () => {
    const html = '<!doctype html><p>Ada</p><p style="display:none">other@example.com</p>';
    const document = await readDocument('cv.html', new TextEncoder().encode(html));
    if (document.outcome !== 'read') throw new Error(document.message);
    expect(extractProfile(document, { homeCountry: 'US' }).emails).toEqual([]);
  });
});

describe('employment and education', () => {
  it('are read with their dates, and names only where they are certain', async () => {
    const profile = await profileOf(
      [
        'WORK EXPERIENCE',
        'Example Works\tColumbus, OH\nPlatform Engineer\tSep. 2021 – Present\n• Moved 2018 – 2019 data to a new store.',
        'Acme, Ltd, Engineer\t03/2018 - 08/2021',
        'Education',
        'Example University\nBachelor of Science in Physics\t2014 — 2018',
        'Projects',
        'Own thing\t2012 – 2013',
      ].join('\n\n'),
    );
    expect(profile.employment).toEqual([
      expect.objectContaining({
        from: { year: 2021, month: 9 },
        ongoing: true,
        organisation: 'Example Works',
        title: 'Platform Engineer',
      }),
      expect.objectContaining({
        from: { year: 2018, month: 3 },
        to: { year: 2021, month: 8 },
        ongoing: false,
      }),
    ]);
    expect(profile.employment[1]).not.toHaveProperty('organisation');
    expect(profile.education).toEqual([
      expect.objectContaining({
        from: { year: 2014 },
        to: { year: 2018 },
        organisation: 'Example University',
        title: 'Bachelor of Science in Physics',
      }),
    ]);
  });

  it('are found where dates stand alone under title and employer, and places are told from names', async () => {
    const profile = await profileOf(
      'Where I worked\nPlatform Engineer\nExample Works, Columbus, Ohio\nMar 2019 - Present\nKept the queue short for everybody.\nTester, Acme Ltd, Leeds, England, 2015 - 2018\n',
    );
    expect(
      profile.employment.map(({ title, organisation, from }) => [title, organisation, from.year]),
    ).toEqual([
      ['Platform Engineer', 'Example Works', 2019],
      ['Tester', 'Acme Ltd', 2015],
    ]);
  });

  it('dates: many spellings, nothing that is unclear', () => {
    expect(dateRange('June 2019 to present')).toMatchObject({
      from: { year: 2019, month: 6 },
      ongoing: true,
    });
    expect(dateRange('2019-01 – 2020-02-03')).toMatchObject({
      from: { year: 2019, month: 1 },
      to: { year: 2020, month: 2 },
    });
    expect(dateRange('2020 - 2018')).toBeUndefined();
    expect(dateRange('2010 - 2011, 2013 - 2014')).toBeUndefined();
    expect(dateRange('13/2019 - 14/2020')).toBeUndefined();
    expect(dateRange('room 2019')).toBeUndefined();
  });

  it('headings are whole lines', () => {
    expect(headingOf('PROFESSIONAL EXPERIENCE')).toBe('employment');
    expect(headingOf('## Education:')).toBe('education');
    expect(headingOf('Experience with databases')).toBeUndefined();
  });
});

describe('what is written under an entry', () => {
  it('goes up to the next entry or heading, without the lines of headings, and is cut', async () => {
    const { employment, education } = await profileOf(
      [
        'Experience',
        'Example Works\nPlatform Engineer\t2021 – Present',
        '• Ran the build farm.\n• Moved 2018 – 2019 data.',
        'Example Mills\nTester\t2018 – 2020',
        `• ${'long '.repeat(600)}`,
        'Education',
        'Example University\nBachelor of Science in Physics\t2014 — 2018',
      ].join('\n\n'),
    );
    expect(employment.map(({ body }) => body.length)).toEqual([47, 1_000]);
    expect(employment[0]?.body).toBe('• Ran the build farm.\n• Moved 2018 – 2019 data.');
    expect(education[0]?.body).toBe('');
  });
});

describe('the name', () => {
  const rest = '\n\nExperience\n\nEngineer\t2019 – 2021\n';
  const nameOf = async (text: string): Promise<string | undefined> => (await profileOf(text)).name?.value;

  it.each([
    ['Ada Example\nColumbus, OH | ada@example.com', 'Ada Example'],
    ['ADA B. EXAMPLE-SAMPLE, MBA, PMP\n(614) 555-0101', 'ADA B. EXAMPLE-SAMPLE'],
    ['Curriculum Vitae\nAda van der Sample\nadasample@example.com', 'Ada van der Sample'],
    ['Résumé\nName: Ada Example\nSenior Engineer', 'Ada Example'],
    ['Łucja Ñandú Ærø\nlucja@example.com', 'Łucja Ñandú Ærø'],
    ['김예시\nkim@example.com', '김예시'],
    ['Last updated May 2024\nAda Example', 'Ada Example'],
    ['Software Engineer\nColumbus, Ohio\nAda Example\nexample.ada@example.com', 'Ada Example'],
  ])('is read from the head: %j', async (head, name) => {
    expect(await nameOf(head + rest)).toBe(name);
  });

  it.each([
    'Software Engineer\nColumbus, OH',
    'Example University\nsomebody@example.com',
    'Quality And Speed\n(614) 555-0101',
    'Ten years of building things.\nAda Example',
    'PROJECT MANAGER\nPMO',
    'Ada Example\nBo Sample\nada.bo@example.com',
    'New York\n(212) 555-0101',
  ])('is absent rather than wrong: %j', async (head) => {
    expect(await nameOf(head + rest)).toBeUndefined();
  });

  it('is absent where nothing says that the text is a résumé', async () => {
    expect(await nameOf('Ada Example\nhas written a letter')).toBeUndefined();
  });

  it('does not come from hidden text', async () => {
    const html =
      '<!doctype html><p style="display:none">Bo Sample</p><h1>Ada Example</h1><h2>Experience</h2><p>x</p>';
    const document = await readDocument('cv.html', new TextEncoder().encode(html));
    if (document.outcome !== 'read') throw new Error(document.message);
    expect(extractProfile(document, { homeCountry: 'US' }).name?.value).toBe('Ada Example');
  });
});

describe('the place', () => {
  const placeOf = async (head: string): Promise<string | undefined> =>
    (await profileOf(`${head}\n\nExperience\n\nEngineer\t2019 – 2021\n`)).location?.value;

  it.each([
    ['Ada Example\nColumbus, OH | ada@example.com', 'Columbus, OH'],
    ['Ada Example\n12 Birch Street, Apt 4, Columbus, OH 43004', 'Columbus, OH 43004'],
    ['Ada Example\nLocation: Toronto, ON M5V 2T6, Canada', 'Toronto, ON M5V 2T6, Canada'],
    ['Ada Example · 10115 Berlin, Germany · ada@example.com', '10115 Berlin, Germany'],
    ["Ada Example\nSt. John's, Newfoundland and Labrador", "St. John's, Newfoundland and Labrador"],
  ])('is read as written: %j', async (head, place) => {
    expect(await placeOf(head)).toBe(place);
  });

  it.each([
    'Ada Example\nEngineer, Python',
    'Ada Example\nExample Works Inc, CA',
    'Ada Example\nRemote',
    'Ada Example\nColumbus, OH\nAustin, TX',
    'Example, Ada',
  ])('is absent where it is not plain: %j', async (head) => {
    expect(await placeOf(head)).toBeUndefined();
  });

  it('and the name are taken from the fields of a JSON Resume', async () => {
    const value = {
      basics: {
        name: ' Ada  Example ',
        label: 'Engineer',
        location: { city: 'Columbus', countryCode: 'US' },
      },
      work: [{ position: 'Engineer', name: 'Example Works', startDate: '2019', summary: 'Ran it.' }],
      education: [],
    };
    const profile = await profileOf(JSON.stringify(value));
    expect(profile.name).toEqual({ value: 'Ada Example', block: 0 });
    expect(profile.location).toEqual({ value: 'Columbus, US', block: 1 });
    expect(profile.employment[0]?.body).toBe('Ran it.');
  });
});

describe('years of a skill', () => {
  it('are taken with what they are said of', async () => {
    const { skills } = await profileOf(
      'Over 8 years of experience in Rust and Go. 5+ years of Kubernetes, 3 years with React.js',
    );
    expect(skills.map(({ subject, years, orMore }) => [subject, years, orMore])).toEqual([
      ['Rust', 8, true],
      ['Kubernetes', 5, true],
      ['React.js', 3, false],
    ]);
  });

  it('are left out for spoken languages and where no subject is stated', async () => {
    const { skills } = await profileOf(
      '10 years of Korean. 5 years of experience. 20 years old. 4 years in building things',
    );
    expect(skills).toEqual([]);
  });
});

it('any text gives an answer, soon', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.constantFrom(
          '2019',
          ' - ',
          '@',
          '.',
          'a',
          '+1',
          '(',
          '\n',
          '\t',
          'years of ',
          'http://',
          'Experience\n',
          'present',
          '/',
        ),
        { maxLength: 400 },
      ),
      async (pieces) => {
        const text = `x${pieces.join('')}`;
        const started = Date.now();
        const profile = await profileOf(text);
        expect(Date.now() - started).toBeLessThan(2_000);
        for (const entry of [...profile.employment, ...profile.education])
          expect(entry.from.year).toBeGreaterThan(1899);
      },
    ),
    { numRuns: 200 },
  );
});
