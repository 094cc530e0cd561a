/** `rollcall links PERSON`: who shares what with somebody. */
import { identifiers } from '@rollcall/engine/identifiers/index.js';
import {
  confirmed,
  holds,
  kindInWords,
  type Link,
  linksOfPerson,
  listed,
  openSharing,
  type PersonLinks,
  RingBook,
  readDecisions,
  readProposals,
} from '@rollcall/engine/links/index.js';
import { bold, count, dim, safe } from '../terminal.js';

export interface LinksFlags {
  lake: string;
  json?: boolean;
}

/** People and passages printed; `--json` gives all. */
const peopleShown = 20;
const passagesShown = 8;

/**
 * Lists everybody who shares an identifier or wording with a person, explained or not, with how rare each value is and how
 * such values mislead. Sharing is a reason to ask, and no more.
 */
export async function links(person: string, flags: LinksFlags): Promise<number> {
  const database = await openSharing(flags.lake);
  let found: PersonLinks;
  try {
    found = await linksOfPerson(database, person);
  } finally {
    database.close();
  }
  const concerns = (people: readonly string[]) =>
    people.includes(found.id) && found.with.some((other) => people.includes(other.id));
  const proposed = (await readProposals(flags.lake)).filter((one) =>
    concerns(one.people.map((each) => each.id)),
  );
  const recorded = confirmed(await readDecisions(flags.lake)).filter(
    (one) => concerns(one.explanation.people) && holds(one.explanation, new Date()),
  );
  const ring = (await RingBook.open(flags.lake)).asLeft([]).find((one) => one.members.includes(found.id));
  const traps = [...new Set(found.with.flatMap((other) => other.links.map((link) => link.kind)))]
    .sort()
    .map((kind) => ({ kind, traps: identifiers[kind].traps }));
  const isRecorded = new Set(recorded.map((one) => one.id));
  const open = proposed.filter((one) => !isRecorded.has(one.id));
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ ...found, ...(ring ? { ring: ring.id } : {}), traps, proposed: open, confirmed: recorded }, null, 1)}\n`,
    );
    return 0;
  }
  console.log(`${bold(safe(found.name, 60))} ${dim(`${safe(found.id, 40)} · ${safe(found.stage, 20)}`)}`);
  if (ring) console.log(`In ring ${ring.id}, of ${ring.members.length} people.`);
  console.log();
  if (found.with.length === 0) console.log('Shares nothing with anybody that hardly anyone else has.\n');
  for (const other of found.with.slice(0, peopleShown)) {
    console.log(`${bold(safe(other.name, 60))} ${dim(`${safe(other.id, 40)} · ${safe(other.stage, 20)}`)}`);
    for (const link of other.links) printLink(link, found.id, link.why);
    console.log();
  }
  if (found.with.length > peopleShown)
    console.log(dim(`… and ${count(found.with.length - peopleShown)} more: see --json\n`));
  printPassages(found);
  if (recorded.length > 0) {
    console.log(bold('Explained'));
    for (const one of recorded)
      console.log(
        `  ${one.id}  ${safe(one.explanation.reason, 160)} ${dim(`(${safe(one.explanation.by, 40)}${one.explanation.until ? `, until ${one.explanation.until}` : ''})`)}`,
      );
    console.log();
  }
  if (open.length > 0) {
    console.log(bold('Perhaps innocent; nothing counts until somebody confirms it'));
    for (const one of open) console.log(`  ${one.id}  ${safe(one.says, 240)}`);
    console.log();
  }
  if (found.common.length > 0) {
    console.log(bold('Has also, as many do; it says nothing'));
    for (const value of found.common.slice(0, 8))
      console.log(
        `  ${kindInWords(value.kind)}: ${safe(value.label, 80)} ${dim(`${count(value.holders)} people`)}`,
      );
    console.log();
  }
  if (traps.length > 0) {
    console.log(bold('How such things mislead'));
    for (const { kind, traps: sentences } of traps)
      for (const sentence of sentences)
        console.log(`  ${kindInWords(kind).replace(/^an? |^the /, '')}: ${sentence}`);
  }
  return 0;
}

function printLink(link: Link, person: string, why: string): void {
  const mine = link.a === person ? [link.firstA, link.lastA] : [link.firstB, link.lastB];
  const theirs = link.a === person ? [link.firstB, link.lastB] : [link.firstA, link.lastA];
  const span = ([from, to]: (string | undefined)[]) =>
    from
      ? `${from.slice(0, 10)}${to && to.slice(0, 10) !== from.slice(0, 10) ? ` to ${to.slice(0, 10)}` : ''}`
      : 'no date';
  console.log(
    `  ${`+${link.bits.toFixed(1)}`.padStart(6)}  ${kindInWords(link.kind)}: ${safe(link.label, 100)} ${dim(link.contexts.length > 0 ? `(${safe(listed(link.contexts), 60)})` : '')}`,
  );
  console.log(dim(`          this one ${span(mine)}, the other ${span(theirs)}; ${why}`));
}

function printPassages(found: PersonLinks): void {
  if (found.passages.length === 0) return;
  console.log(bold('The same wording'));
  for (const passage of found.passages.slice(0, passagesShown)) {
    console.log(
      dim(
        `  with ${safe(passage.other, 40)}: ${Math.round(passage.similarity * 100)} % of the words agree, ${count(passage.people)} people have it, ${passage.bits.toFixed(1)} bits`,
      ),
    );
    console.log(`    this one   ${safe(passage.text, 300)}`);
    console.log(`    the other  ${safe(passage.otherText, 300)}`);
  }
  if (found.passages.length > passagesShown)
    console.log(dim(`  … and ${count(found.passages.length - passagesShown)} more: see --json`));
  console.log();
}
