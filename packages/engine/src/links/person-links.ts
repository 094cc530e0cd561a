import type { Database } from '../lake/duckdb.js';
import { RollcallError } from '../model/errors.js';
import type { IdentifierKind } from '../model/vocabulary.js';
import { choose, findLinks, type Link } from './links.js';
import { hasTable } from './reference.js';
import { rarity } from './say.js';

/** Somebody who shares something with the person asked about, and what. */
export interface SharedWith {
  id: string;
  name: string;
  stage: string;
  links: (Link & { why: string })[];
}

/** A value of the person that too many have for it to say anything. */
export interface CommonValue {
  kind: IdentifierKind;
  label: string;
  holders: number;
}

/** Wording that two résumés share, side by side. */
export interface SideBySide {
  other: string;
  text: string;
  otherText: string;
  similarity: number;
  people: number;
  bits: number;
}

export interface PersonLinks {
  id: string;
  name: string;
  stage: string;
  /** Who shares most, first. */
  with: SharedWith[];
  common: CommonValue[];
  passages: SideBySide[];
}

/** People shown; the others share less. */
const shownMost = 500;

/** The person meant by an id, an e-mail address or a whole name. What fits several people is an error that lists them. */
export async function findPerson(
  database: Database,
  text: string,
): Promise<{ id: string; name: string; stage: string }> {
  const rows = await database.rows(
    `SELECT person_id, name, stage, CASE WHEN person_id = $text THEN 0 ELSE 1 END AS rank FROM people
     WHERE person_id = $text OR lower($text) IN (lower(work_email), lower(personal_email), lower(trim(name)))
       OR person_id IN (SELECT person_id FROM identifiers WHERE kind = 'email' AND value = lower($text))
     ORDER BY rank, person_id LIMIT 21`,
    { text: text.trim() },
  );
  const best = rows.filter((row) => row.rank === rows[0]?.rank);
  const [one] = best;
  if (!one)
    throw new RollcallError('ARGUMENT_INVALID', `nobody has the id, e-mail address or name “${text}”`);
  if (best.length > 1)
    throw new RollcallError(
      'ARGUMENT_INVALID',
      `“${text}” fits several people; give the id of one: ${best
        .slice(0, 20)
        .map((row) => `${row.person_id} (${row.name ?? 'no name'}, ${row.stage ?? 'no stage'})`)
        .join(', ')}${best.length > 20 ? ' and more' : ''}`,
    );
  return {
    id: String(one.person_id),
    name: String(one.name ?? one.person_id),
    stage: String(one.stage ?? ''),
  };
}

/** Who shares what with a person: every link of theirs, explained or not. `database` is that of `openSharing`. */
export async function linksOfPerson(database: Database, text: string): Promise<PersonLinks> {
  const person = await findPerson(database, text);
  await choose(database, [person.id]);
  const near = await database.rows(
    `SELECT h.person_id, any_value(p.name) AS name, any_value(p.stage) AS stage, sum(v.bits) AS bits
     FROM holdings mine SEMI JOIN link_people USING (person_id) JOIN shared_values v ON v.id = mine.value_id AND NOT v.common
     JOIN holdings h ON h.value_id = mine.value_id AND h.lasting LEFT JOIN people p ON p.person_id = h.person_id
     WHERE mine.lasting AND h.person_id <> mine.person_id
     GROUP BY h.person_id ORDER BY bits DESC, h.person_id LIMIT ${shownMost}`,
  );
  const links = new Map<string, Link[]>();
  for (let from = 0; from < near.length; from += pairsAtOnce) {
    const others = near.slice(from, from + pairsAtOnce).map((row) => String(row.person_id));
    for (const link of await findLinks(database, [person.id, ...others])) {
      if (link.a !== person.id && link.b !== person.id) continue;
      const other = link.a === person.id ? link.b : link.a;
      const list = links.get(other);
      if (list) list.push(link);
      else links.set(other, [link]);
    }
  }
  await choose(database, [person.id]);
  const common = await database.rows(
    `SELECT v.kind, v.label, v.holders FROM holdings SEMI JOIN link_people USING (person_id) JOIN shared_values v ON v.id = value_id
     WHERE v.common ORDER BY v.holders DESC, v.kind, v.label LIMIT 50`,
  );
  const passages = (await hasTable(database, 'main', 'passages'))
    ? await database.rows(
        `SELECT other, text, other_text, similarity, people, bits FROM passages WHERE person_id = $id ORDER BY bits DESC, other, text LIMIT 100`,
        { id: person.id },
      )
    : [];
  return {
    ...person,
    with: near.flatMap((row) => {
      const own = links.get(String(row.person_id)) ?? [];
      if (own.length === 0) return [];
      return [
        {
          id: String(row.person_id),
          name: String(row.name ?? row.person_id),
          stage: String(row.stage ?? ''),
          links: own
            .map((link) => ({ ...link, why: rarity(link) }))
            .sort(
              (x, y) =>
                y.bits - x.bits || (x.kind < y.kind ? -1 : x.kind > y.kind ? 1 : x.label < y.label ? -1 : 1),
            ),
        },
      ];
    }),
    common: common.map((row) => ({
      kind: row.kind as IdentifierKind,
      label: String(row.label),
      holders: Number(row.holders),
    })),
    passages: passages.map((row) => ({
      other: String(row.other),
      text: String(row.text ?? ''),
      otherText: String(row.other_text ?? ''),
      similarity: Number(row.similarity ?? 0),
      people: Number(row.people ?? 0),
      bits: Number(row.bits ?? 0),
    })),
  };
}

/** Others whose links are asked for at once: among so few, `findLinks` gives every pair of a value. */
const pairsAtOnce = 11;
