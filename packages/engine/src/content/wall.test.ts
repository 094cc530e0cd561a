import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvedTables, storedTables } from '../model/tables.js';
import { loadContent } from './load.js';
import { wallProblems } from './wall.js';

/** Ideas of docs/refused-signals.md, each as somebody might write it down as a detection. */
const refused: Record<string, string[]> = {
  'D-1 a profile of sex, age and descent': [
    "SELECT person_id FROM people WHERE gender = 'm' AND age < 35",
    "SELECT person_id, date_diff('year', birth_date, started_at) AS years FROM people",
    'SELECT p.person_id FROM people p JOIN facts.ethnicity_by_photo f ON f.person_id = p.person_id',
    "SELECT person_id FROM inventory WHERE kind = 'setting' AND detail LIKE '%asian%'",
  ],
  'D-2 how a name sounds': [
    "SELECT person_id FROM people WHERE name LIKE '%Kim%'",
    "SELECT person_id FROM people WHERE lower(name) IN ('john smith', 'james lee')",
    "SELECT person_id FROM people WHERE name = 'John Smith'",
    "SELECT person_id FROM people WHERE regexp_matches(lower(name), '^(kim|lee|park) ')",
    'SELECT person_id FROM people WHERE length(name) < 9',
    "SELECT person_id FROM people WHERE split_part(name, ' ', 2) IN (SELECT word FROM facts.words)",
    'SELECT a.person_id FROM people a JOIN people b ON jaro_winkler_similarity(a.name, b.name) > 0.9',
    'SELECT person_id, surname FROM people',
    "SELECT person_id FROM people WHERE name < 'M'",
    'SELECT person_id, name[1] AS initial FROM people',
    'SELECT p.person_id FROM people p JOIN facts.name_origin f ON f.word = p.title',
  ],
  'D-3 accent or command of a language': [
    "SELECT person_id FROM events WHERE action = 'check.result' AND target = 'accent'",
    "SELECT person_id FROM events WHERE action = 'check.result' AND detail LIKE '%poor English%'",
    'SELECT person_id, spoken_language FROM people',
    "SELECT person_id FROM events WHERE action = 'check.result' AND detail LIKE '%not fluent%'",
    'SELECT person_id, dialect FROM people',
  ],
  'D-4 appearance against the papers': [
    "SELECT person_id FROM events WHERE action = 'check.result' AND detail LIKE '%appearance%'",
    'SELECT person_id FROM people WHERE nationality <> claimed_country',
    "SELECT person_id FROM people WHERE json_extract_scalar(title, '$.citizenship') <> claimed_country",
  ],
  'D-5 tests of loyalty': [
    "SELECT person_id FROM events WHERE action = 'check.result' AND target = 'loyalty_test' AND outcome = 'failure'",
    "SELECT person_id FROM events WHERE action = 'check.result' AND detail LIKE '%would not insult%'",
    'SELECT person_id, allegiance FROM people',
  ],
  'D-6 the country of a school, or any country': [
    'SELECT person_id, school_country FROM people',
    "SELECT person_id FROM people WHERE claimed_country = 'CN'",
    "SELECT person_id FROM events WHERE src_country IN ('RU', 'LA')",
    "SELECT person_id FROM events WHERE lower(src_country) = 'kp'",
    "SELECT person_id FROM events WHERE src_country LIKE 'K_'",
    "SELECT person_id FROM events WHERE starts_with(src_country, 'K')",
    "SELECT person_id FROM events WHERE src_city = 'Shenyang'",
    "SELECT person_id FROM events WHERE src_as_org ILIKE '%north korea%'",
    'SELECT person_id FROM events WHERE src_lat BETWEEN 37.8 AND 43 AND src_lon > 124',
    "SELECT person_id FROM identifiers WHERE kind = 'phone' AND value LIKE '+86%'",
    "SELECT person_id FROM identifiers WHERE kind = 'phone' AND substr(value, 2, 2) = '82'",
    'SELECT e.person_id FROM events e JOIN facts.countries c ON c.alpha2 = e.src_country',
    "SELECT person_id FROM people WHERE title LIKE '%Asia/Pyongyang%'",
  ],
  'D-7 the language of a keyboard or of the screen': [
    "SELECT person_id FROM inventory WHERE kind = 'setting' AND key = 'keyboard layout'",
    "SELECT person_id FROM inventory WHERE key = 'AppleLocale' AND value = 'ko_KR'",
    "SELECT person_id FROM inventory WHERE key = 'input_language'",
    "SELECT person_id FROM inventory WHERE regexp_matches(detail, '\\p{Hangul}')",
    "SELECT person_id FROM events WHERE regexp_matches(target, '[가-힣]')",
    'SELECT person_id, keyboard_layout FROM devices',
  ],
  'D-8 words in an e-mail address': [
    "SELECT person_id FROM people WHERE personal_email LIKE '%panda%'",
    "SELECT person_id FROM identifiers WHERE kind = 'email' AND regexp_matches(value, 'dev|star|silver')",
    "SELECT person_id FROM people WHERE split_part(personal_email, '@', 2) = 'example.org'",
    "SELECT person_id FROM identifiers WHERE kind = 'code_login' AND contains(value, 'dragon')",
  ],
  'D-9 headphones, gaze, feelings, the way of typing': [
    "SELECT person_id FROM events WHERE action = 'meeting.join' AND detail LIKE '%headphones%'",
    'SELECT person_id, avg(gaze_offset) AS gaze FROM events GROUP BY person_id',
    "SELECT person_id FROM events WHERE activity = 'emotion_score'",
    'SELECT person_id, keystroke_lag FROM events',
    'SELECT person_id, voice_stress FROM events',
    "SELECT person_id FROM inventory WHERE kind = 'usb_device' AND lower(detail) LIKE '%airpods%'",
    "SELECT person_id FROM events WHERE action = 'check.result' AND detail LIKE '%eyes gaze aside%'",
    'SELECT person_id, eye_movement FROM events',
    'SELECT person_id, typing_rhythm FROM events',
    'SELECT person_id, typing_emotion FROM events',
    'SELECT person_id, stddev(keystroke_interval) AS k FROM events GROUP BY person_id',
  ],
  'D-10 spelling, grammar and unusual terms': [
    "SELECT person_id FROM traces WHERE kind = 'spelling'",
    'SELECT person_id, spelling_errors FROM documents',
    "SELECT person_id FROM events WHERE action = 'check.result' AND detail LIKE '%typos%'",
    'SELECT d.person_id FROM documents d JOIN facts.misspellings m ON strpos(d.text, m.word) > 0',
    'SELECT person_id, grammar_score FROM documents',
  ],
  'D-11 the clock and the language of a file': [
    "SELECT person_id FROM traces WHERE kind = 'language' AND value = 'ko-KR'",
    "SELECT person_id FROM traces WHERE detail LIKE '+09%'",
    'SELECT person_id, tz_offset FROM documents',
    'SELECT person_id, utc_offset FROM traces',
    "SELECT person_id FROM traces WHERE value = 'Asia/Seoul'",
    "SELECT person_id FROM traces WHERE key_lang = 'zh_CN'",
  ],
  'D-12 a résumé that a program wrote': [
    'SELECT person_id, ai_generated_score FROM documents',
    'SELECT person_id FROM documents WHERE machine_written > 0.8',
    'SELECT person_id, ai_score FROM documents',
  ],
  'D-13 dates of school': [
    "SELECT person_id FROM claims WHERE kind = 'education' AND until > DATE '2015-01-01'",
    "SELECT e.person_id FROM claims e JOIN claims j ON j.person_id = e.person_id WHERE e.kind = 'education' AND j.kind = 'employment' AND j.since < e.until",
    'SELECT person_id, graduation_year FROM people',
    'SELECT person_id, birth_year FROM people',
  ],
};

const evasions: Record<string, string> = {
  'another name for the column':
    "WITH p AS (SELECT person_id, name AS n FROM people) SELECT person_id FROM p WHERE n LIKE 'Kim%'",
  'another name without AS':
    "SELECT person_id FROM (SELECT person_id, lower(name) n FROM people) AS p WHERE n = 'kim'",
  'another name twice over':
    "WITH a AS (SELECT person_id, src_country AS x FROM events), b AS (SELECT person_id, lower(x) AS y FROM a) SELECT person_id FROM b WHERE y = 'kp'",
  'columns named by position':
    "WITH p (id, n) AS (SELECT person_id, name FROM people) SELECT id AS person_id FROM p WHERE n LIKE 'Kim%'",
  'a table whose columns are renamed':
    "SELECT p.id AS person_id FROM (SELECT person_id, name FROM people) AS p (id, n) WHERE p.n LIKE 'Kim%'",
  'a country put together': "SELECT person_id FROM events WHERE src_country = 'K' || 'P'",
  'a country’s name put together': "SELECT person_id FROM events WHERE src_as_org ILIKE '%kor' || 'ea%'",
  'a country put together by a function': "SELECT person_id FROM events WHERE src_country = concat('K', 'P')",
  'a country by its letters’ numbers': 'SELECT person_id FROM events WHERE src_country = chr(75) || chr(80)',
  'the sides exchanged': "SELECT person_id FROM events WHERE 'kp' = lower(src_country)",
  'not distinct from': "SELECT person_id FROM events WHERE lower(src_country) IS NOT DISTINCT FROM 'kp'",
  'a CASE over the column':
    "SELECT person_id FROM events WHERE CASE lower(src_country) WHEN 'kp' THEN true END",
  'an array instead of a list': "SELECT person_id FROM events WHERE lower(src_country) = ANY(ARRAY['kp'])",
  'a column glued to something':
    "SELECT person_id FROM events WHERE lower(src_country || src_city) LIKE 'kp%'",
  'a default put in between': "SELECT person_id FROM events WHERE coalesce(lower(src_country), '') = 'kp'",
  'a list of texts beside it':
    "SELECT person_id FROM people p, (SELECT 'kim' AS w UNION SELECT 'lee' AS w) AS v WHERE lower(p.name) = v.w",
  'a table of words': 'SELECT p.person_id FROM people p JOIN facts.typical_words w ON w.word = lower(p.name)',
  'a table of places': 'SELECT p.person_id FROM people p JOIN facts.listed w ON w.code = p.claimed_country',
  'a subquery that is one text': "SELECT person_id FROM events WHERE lower(src_country) = (SELECT 'kp')",
  'a subquery of texts':
    'SELECT person_id FROM events WHERE lower(src_country) IN (SELECT code FROM facts.listed)',
  'a list of names to look through':
    "SELECT person_id FROM people WHERE strpos('kim lee park', lower(name)) > 0",
  'a list of names called a record':
    "SELECT person_id FROM people p, (SELECT 'kim lee park' AS detail) AS v WHERE strpos(v.detail, lower(p.name)) > 0",
  'a table of names to look through':
    'SELECT person_id FROM people p JOIN facts.listed f ON strpos(f.all_of_them, lower(p.name)) > 0',
  'a name as the text that is looked through':
    "SELECT person_id FROM people WHERE strpos(lower(name), 'kim') > 0",
  'a method call': "SELECT person_id FROM people WHERE name.lower().contains('kim')",
  'a text with escapes': "SELECT person_id FROM events WHERE src_as_org LIKE E'\\x4bor%'",
  'a dollar-quoted text': 'SELECT person_id FROM events WHERE src_country = $$KP$$',
  'a dollar-quoted comment': "SELECT person_id FROM people WHERE '' <> $$ -- $$ AND name LIKE 'Kim%'",
  'columns by pattern': "SELECT person_id, COLUMNS('na.*') FROM people",
  'a query inside a text': "SELECT * FROM query('SELECT person_id FROM people')",
  'a whole row as JSON': 'SELECT person_id, to_json(p) AS j FROM people p',
  'the record as received': "SELECT person_id FROM events WHERE raw LIKE '%x%'",
  'a letter that only looks like one': 'SELECT person_id, nаtionality FROM people',
};

const honest: Record<string, string> = {
  'two names compared as wholes':
    "SELECT a.person_id, b.person_id AS other, b.name AS other_name FROM identifiers i JOIN people a ON a.person_id = i.person_id JOIN people b ON lower(trim(b.name)) <> lower(trim(a.name)) WHERE i.kind = 'phone'",
  'whether the holder of an account is this person':
    "SELECT e.person_id FROM events e JOIN people p ON p.person_id = e.person_id WHERE e.action = 'pay.change' AND strpos(lower(split_part(e.detail, ';', 1)), lower(trim(p.name))) = 0",
  'how many names':
    'SELECT manager AS person_id, count(DISTINCT lower(name)) AS names FROM people GROUP BY manager HAVING count(DISTINCT lower(name)) > 1',
  'a place seen against the place claimed':
    "SELECT e.person_id, concat(e.src_city, ', ', coalesce(e.src_region, e.src_country)) AS place FROM events e JOIN people p ON p.person_id = e.person_id AND p.claimed_country <> e.src_country WHERE e.action = 'signin'",
  'a country that changed':
    "SELECT person_id, src_country, previous FROM (SELECT person_id, src_country, lag(src_country) OVER (PARTITION BY person_id ORDER BY time) AS previous FROM events WHERE action = 'signin') AS hops WHERE previous <> src_country",
  'how many countries':
    "SELECT person_id, count(DISTINCT src_country) AS countries FROM events WHERE outcome = 'success' GROUP BY person_id HAVING count(DISTINCT src_country) >= 2",
  'a distance':
    'SELECT e.person_id, 12742 * asin(sqrt(power(sin(radians(e.src_lat - p.claimed_lat) / 2), 2) + cos(radians(p.claimed_lat)) * cos(radians(e.src_lat)) * power(sin(radians(e.src_lon - p.claimed_lon) / 2), 2))) AS km FROM events e JOIN people p ON p.person_id = e.person_id WHERE e.src_lat IS NOT NULL',
  'a mailbox without the digits at its end':
    "SELECT a.person_id FROM identifiers a JOIN identifiers b ON regexp_replace(split_part(b.value, '@', 1), '[0-9]+$', '') = regexp_replace(split_part(a.value, '@', 1), '[0-9]+$', '') AND b.person_id <> a.person_id WHERE a.kind = 'email' AND b.kind = 'email'",
  'a country among those claimed by others':
    "SELECT person_id FROM events WHERE src_country NOT IN (SELECT claimed_country FROM people WHERE stage = 'employed')",
  'a flag made from two places':
    'SELECT person_id FROM (SELECT e.person_id, e.src_country <> p.claimed_country AS abroad FROM events e JOIN people p ON p.person_id = e.person_id) AS seen WHERE abroad = true',
  'a keyboard that is plugged in':
    "SELECT person_id FROM inventory WHERE kind = 'usb_device' AND lower(detail) LIKE '%keyboard%'",
  'the dates of jobs':
    "SELECT a.person_id FROM claims a JOIN claims b ON b.person_id = a.person_id AND b.kind = 'employment' AND b.since < a.until WHERE a.kind = 'employment'",
  'whether a school confirmed it':
    "SELECT person_id, time FROM events WHERE action = 'check.result' AND target = 'education' AND outcome = 'failure'",
  'an operator of a network':
    "SELECT person_id FROM events WHERE src_network = 'vpn:astrill' OR src_network LIKE 'hosting:%'",
  'a city named in a change of address':
    "SELECT e.person_id FROM events e JOIN events c ON c.person_id = e.person_id AND c.action = 'profile.change' AND strpos(lower(c.detail), lower(e.src_city)) > 0",
  'joins that share a name with a function':
    'SELECT p.person_id, p.name FROM people p LEFT JOIN (SELECT person_id, name FROM people) q ON q.name = p.name',
};

describe('the wall', () => {
  it.each(
    Object.entries(refused).flatMap(([idea, queries]) => queries.map((query) => [idea, query] as const)),
  )('refuses %s: %s', (_, query) => {
    expect(wallProblems(query)).not.toEqual([]);
  });

  it('has a test for every section of docs/refused-signals.md', async () => {
    const doc = await readFile(new URL('../../../../docs/refused-signals.md', import.meta.url), 'utf8');
    const ids = [...doc.matchAll(/^### (D-\d+) /gm)].map((match) => match[1]);
    expect(Object.keys(refused).map((idea) => idea.split(' ')[0])).toEqual(ids);
  });

  it.each(Object.entries(evasions))('is not got around by %s', (_, query) => {
    expect(wallProblems(query)).not.toEqual([]);
  });

  it.each(Object.entries(honest))('lets through %s', (_, query) => {
    expect(wallProblems(query)).toEqual([]);
  });

  it('lets through every detection that ships', async () => {
    const content = await loadContent();
    expect(content.detections.length).toBeGreaterThan(20);
    expect(
      content.detections.flatMap((d) => wallProblems(d.query).map((problem) => `${d.id}: ${problem}`)),
    ).toEqual([]);
  });

  it('says what is wrong and what to do', () => {
    expect(wallProblems("SELECT person_id FROM people WHERE name LIKE '%x%'")).toEqual([
      'looks inside a name: names may only be compared as a whole, and with each other',
    ]);
    expect(wallProblems("SELECT person_id FROM events WHERE src_country = 'FR'")[0]).toContain(
      'what was claimed with what was seen',
    );
  });

  it('has no table with a column behind it', () => {
    for (const tables of [storedTables, resolvedTables]) {
      for (const [table, columns] of Object.entries(tables)) {
        for (const column of Object.keys(columns)) {
          // The record as received stands in stored tables only, which no detection reads.
          if (column === 'raw' && tables === storedTables) continue;
          expect(wallProblems(`SELECT "${column}" FROM ${table}`), `${table}.${column}`).toEqual([]);
        }
      }
    }
    expect(Object.values(resolvedTables).flatMap((columns) => Object.keys(columns))).not.toContain('raw');
  });

  it('sees the same through letter case, quotes, comments and blanks', () => {
    const bad = [...Object.values(refused).flat(), ...Object.values(evasions)].filter(
      (query) => !query.includes('$$'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...bad), fc.infiniteStream(fc.nat(5)), (query, choices) => {
        expect(wallProblems(rewritten(query, choices))).not.toEqual([]);
      }),
      { numRuns: 600, seed: 7 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(honest)),
        fc.infiniteStream(fc.nat(5)),
        (query, choices) => {
          expect(wallProblems(rewritten(query, choices))).toEqual([]);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });

  it('answers whatever the text is', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      "'",
      '"',
      'name',
      'src_country',
      ' as ',
      ' is ',
      ' distinct from ',
      '||',
      '.',
      '-',
      '/*',
      '--',
      '\n',
      'case',
      'when',
      ' like ',
      ',',
      '$$',
      '=',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 40 }), (pieces) => {
        expect(Array.isArray(wallProblems(pieces.join('')))).toBe(true);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});

/** The same query for a database: words in other cases or in quotes, with comments and blanks between the parts. */
function rewritten(query: string, choices: Iterator<number>): string {
  const next = () => (choices.next().value as number | undefined) ?? 0;
  const parts = query.match(/'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*|\s+|\|\||<>|!=|<=|>=|[^\s]/g) ?? [];
  return parts
    .map((part, i) => {
      const blank = /^\s+$/.test(part);
      if (blank) return [' ', '\n', ' /* a comment */ ', " -- another, with name = 'x'\n", '\t', ' '][next()];
      if (!/^[A-Za-z_]/.test(part)) return part;
      // The letter before a text is part of it.
      if (parts[i + 1]?.startsWith("'")) return part;
      switch (next()) {
        case 1:
          return part.toUpperCase();
        case 2:
          return [...part].map((letter, at) => (at % 2 ? letter.toUpperCase() : letter)).join('');
        case 3:
          return columns.has(part) ? `"${part.toUpperCase()}"` : part;
        default:
          return part;
      }
    })
    .join('');
}

const columns = new Set(Object.values(resolvedTables).flatMap((table) => Object.keys(table)));
