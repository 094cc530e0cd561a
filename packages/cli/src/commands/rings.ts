/** `rollcall rings`: people joined by links, and what is decided about them by hand. */

import { recordedExplanations } from '@rollcall/engine/links/decisions.js';
import {
  type Decision,
  explainedByKind,
  findBridges,
  findLinks,
  inForce,
  kindInWords,
  type Link,
  linkExplainer,
  linkInWords,
  listed,
  mergeRings,
  openSharing,
  RingBook,
  readDecisions,
  splitRing,
  undoDecision,
  withBridges,
  withMembers,
} from '@rollcall/engine/links/index.js';
import { bold, count, dim, safe } from '../terminal.js';

export interface DecideFlags {
  lake: string;
  by: string;
  reason: string;
}

const linksShown = 12;
/** Bits a value must bring, as in a scan with the default policy. */
const joining = 6;

/** Lists the rings as the last scan left them, after what was decided since. */
export async function listRings({ lake, ...flags }: { lake: string; json?: boolean }): Promise<number> {
  const book = await RingBook.open(lake);
  const members = book.asLeft([]).flatMap((ring) => ring.members);
  const database = await openSharing(lake);
  try {
    const names = new Map(
      (await database.rows('SELECT person_id, name FROM people ORDER BY person_id')).map((row) => [
        String(row.person_id),
        String(row.name ?? row.person_id),
      ]),
    );
    const nameOf = (id: string) => names.get(id) ?? id;
    const explained = linkExplainer({
      explanations: await withMembers(database, await recordedExplanations(lake)),
      explainedBy: await explainedByKind(database),
      households: new Map(),
      asOf: new Date(),
    });
    const links = withBridges(
      (await findLinks(database, [...members, ...(await findBridges(database, members, joining))])).filter(
        (link) => !explained(link),
      ),
      new Set(members),
      joining,
    );
    const rings = book.asLeft(links);
    if (flags.json) {
      const shown = rings.map(({ byHand, ...ring }) => ({
        ...ring,
        members: ring.members.map((id) => ({ id, name: nameOf(id) })),
        links: ring.links.map((link) => ({ ...link, says: linkInWords(link, nameOf) })),
        decisions: byHand,
        history: book.historyOf(ring.id),
      }));
      process.stdout.write(`${JSON.stringify(shown, null, 1)}\n`);
      return 0;
    }
    if (rings.length === 0) console.log('No ring was found.');
    for (const ring of rings) {
      console.log(
        `${bold(ring.id)}  ${count(ring.members.length)} people: ${safe(listed(ring.members.map((id) => `${nameOf(id)} (${id})`)), 400)}`,
      );
      if (ring.between.length > 0)
        console.log(
          `  passes through ${safe(listed(ring.between.map((id) => `${nameOf(id)} (${id})`)), 300)}, who shares things with several of them and against whom nothing else speaks`,
        );
      for (const link of strongest(ring.links).slice(0, linksShown))
        console.log(`  ${`+${link.bits.toFixed(1)}`.padStart(6)}  ${safe(linkInWords(link, nameOf), 400)}`);
      if (ring.links.length > linksShown)
        console.log(dim(`          … and ${ring.links.length - linksShown} more: see --json`));
      if (ring.links.length === 0)
        console.log('  Nothing that counts today joins them: they were put together by hand.');
      for (const decision of ring.byHand) console.log(`  ${dim(decisionInWords(decision))}`);
      console.log();
    }
    return 0;
  } finally {
    database.close();
  }
}

/** What became of a ring, or of all, and everything decided, in order. */
export async function ringHistory(
  ring: string | undefined,
  flags: { lake: string; json?: boolean },
): Promise<number> {
  const book = await RingBook.open(flags.lake);
  const ids = ring === undefined ? [...book.states().keys()].sort() : [ring];
  const events = [...new Set(ids.flatMap((id) => book.historyOf(id)))];
  const decisions = (await readDecisions(flags.lake)).filter(
    (decision) => ring === undefined || JSON.stringify(decision).includes(JSON.stringify(ring)),
  );
  const counts = new Set(inForce(book.decisions).map((decision) => decision.id));
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ events, decisions: decisions.map((one) => ({ ...one, counts: counts.has(one.id) })) }, null, 1)}\n`,
    );
    return 0;
  }
  for (const event of events) {
    const who = event.people
      ? `: ${event.people.join(', ')}`
      : event.event === 'formed'
        ? `: ${event.members.join(', ')}`
        : '';
    const where = event.into ? ` into ${event.into}` : event.from ? ` off ${event.from}` : '';
    console.log(`${event.time.slice(0, 10)}  ${event.ring}  ${event.event}${where}${safe(who, 200)}`);
    console.log(dim(`            ${safe(event.reason, 200)}`));
  }
  if (decisions.length > 0) console.log(bold('Decided'));
  for (const decision of decisions)
    console.log(
      `${decisionInWords(decision)}${decision.kind !== 'undo' && !counts.has(decision.id) ? ' (undone)' : ''}`,
    );
  if (events.length === 0 && decisions.length === 0) console.log('Nothing is on record.');
  return 0;
}

export async function ringMerge(one: string, other: string, flags: DecideFlags): Promise<number> {
  return told(await mergeRings(flags.lake, one, other, { ...flags, now: new Date() }));
}

export async function ringSplit(ring: string, flags: DecideFlags & { people: string[] }): Promise<number> {
  return told(await splitRing(flags.lake, ring, flags.people, { ...flags, now: new Date() }));
}

export async function ringUndo(id: number, flags: DecideFlags): Promise<number> {
  return told(await undoDecision(flags.lake, id, { ...flags, now: new Date() }));
}

/** Says what was written down; a report shows it after the next scan. */
export function told(decision: Decision): number {
  console.log(decisionInWords(decision));
  console.log(
    dim(`“rollcall rings undo ${decision.id}” takes it back. Reports show it from the next scan on.`),
  );
  return 0;
}

export function decisionInWords(decision: Decision): string {
  const what = (() => {
    switch (decision.kind) {
      case 'ring.merge':
        return `${decision.what.rings[0]} and ${decision.what.rings[1]} are one`;
      case 'ring.split':
        return `${decision.what.people.join(', ')} apart from ${decision.what.ring}`;
      case 'explanation.confirm':
        return `${decision.what.id} confirmed${decision.what.explanation.until ? ` until ${decision.what.explanation.until}` : ''}`;
      case 'explanation.withdraw':
        return `${decision.what.id} withdrawn`;
      case 'undo':
        return `decision ${decision.undoes} undone`;
    }
  })();
  return `Decision ${decision.id}, ${decision.time.slice(0, 10)}, by ${safe(decision.by, 60)}: ${safe(what, 300)}: ${safe(decision.reason, 200)}`;
}

/** One link of each value, the strongest first. */
function strongest(links: readonly Link[]): Link[] {
  const seen = new Set<string>();
  return [...links]
    .sort((x, y) => y.bits - x.bits)
    .filter((link) => {
      const key = `${kindInWords(link.kind)} ${link.value}`;
      return !seen.has(key) && seen.add(key);
    });
}
