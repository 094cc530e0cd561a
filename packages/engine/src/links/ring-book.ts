import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../disk/durable.js';
import { RollcallError } from '../model/errors.js';
import type { Proposal } from '../model/result.js';
import { type Decision, readDecisions } from './decisions.js';
import type { Link } from './links.js';
import { applyDecisions, type RingByHand } from './ring-hands.js';
import { addToRingLog, type RingEvent, type RingState, readRingLog, replay } from './ring-log.js';
import { nameRings } from './ring-names.js';
import type { RingOf } from './rings.js';

/**
 * What a lake remembers of rings: what became of each, and what people decided. A scan opens it, lets it name the rings of
 * the day, and saves it; without one (a test, a single look) rings are named by their earliest link and nothing is kept.
 *
 * A day before the last one on record is answered from what was known then, and nothing is added.
 */
export class RingBook {
  private added: RingEvent[] = [];
  private known: readonly RingEvent[];

  private constructor(
    private readonly lake: string | undefined,
    private readonly log: readonly RingEvent[],
    readonly decisions: readonly Decision[],
  ) {
    this.known = log;
  }

  static async open(lake: string): Promise<RingBook> {
    return new RingBook(lake, await readRingLog(lake), await readDecisions(lake));
  }

  /** A book that remembers nothing. */
  static empty(): RingBook {
    return new RingBook(undefined, [], []);
  }

  /** The rings of a day under the ids they keep, after what people decided. */
  today(groups: readonly RingOf[], links: readonly Link[], asOf: Date): RingByHand[] {
    const time = asOf.toISOString();
    this.known = this.log.filter((event) => event.time <= time);
    const { rings, events } = nameRings(groups, replay(this.known), time);
    this.added = events;
    return applyDecisions(rings, this.states(), this.decisions, links);
  }

  /** The rings as the last scan left them, after what people decided since. */
  asLeft(links: readonly Link[]): RingByHand[] {
    const there = [...this.states().values()].filter((ring) => ring.state === 'there');
    const members = new Set(there.flatMap((ring) => ring.members));
    const between = [...new Set(links.flatMap((link) => [link.a, link.b]))].filter(
      (one) => !members.has(one),
    );
    const rings = there.map((ring) => ({
      id: ring.id,
      members: ring.members,
      between: between.sort(),
      links: [],
      values: 0,
    }));
    return applyDecisions(rings, this.states(), this.decisions, links);
  }

  /** The rings by id, as their log leaves them. */
  states(): Map<string, RingState> {
    return replay([...this.known, ...this.added]);
  }

  /** What became of a ring, and of those that merged into it. */
  historyOf(id: string): RingEvent[] {
    return [...this.known, ...this.added].filter((event) => event.ring === id || event.into === id);
  }

  /** Keeps what `today` found, and what was proposed; the caller holds the lake's lock. */
  async save(proposals: readonly Proposal[]): Promise<void> {
    if (!this.lake || this.known.length < this.log.length) return;
    await addToRingLog(this.lake, this.added);
    await writeWhole(join(this.lake, proposalsFile), `${JSON.stringify(proposals, null, 1)}\n`);
  }
}

/** File of what the last scan proposed, in the lake's folder. */
const proposalsFile = 'proposals.json';

/** What the last scan proposed; nothing where there was none. */
export async function readProposals(lake: string): Promise<Proposal[]> {
  const path = join(lake, proposalsFile);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Proposal[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new RollcallError('LAKE_DAMAGED', `${path} cannot be read; scan again to write it anew`);
  }
}
