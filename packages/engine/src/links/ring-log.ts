import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { appendWhole, writeWhole } from '../disk/durable.js';
import { RollcallError } from '../model/errors.js';

/** File of what became of each ring, in the lake's folder. Lines are only ever added. */
export const ringLogFile = 'rings.jsonl';

const eventSchema = z.strictObject({
  /** The day that was assessed. */
  time: z.string(),
  ring: z.string().min(1),
  event: z.enum(['formed', 'grew', 'shrank', 'merged', 'split', 'dissolved', 'formed again']),
  /** Who is in it from then on; of a ring that merged or dissolved, who was in it. */
  members: z.array(z.string()),
  /** The people it is about: who came, who left. */
  people: z.array(z.string()).optional(),
  /** Of a ring that merged: the one it is part of now. */
  into: z.string().optional(),
  /** Of a ring that split off: the one it was part of. */
  from: z.string().optional(),
  reason: z.string(),
});

/** What became of a ring that was computed. What people decided about rings stands among the decisions. */
export type RingEvent = z.infer<typeof eventSchema>;

/** A ring as its log leaves it. */
export interface RingState {
  id: string;
  formed: string;
  members: string[];
  state: 'there' | 'dissolved' | 'merged';
  into?: string;
}

/** Everything recorded, in order. A line that cannot be read is an error that names file and line. */
export async function readRingLog(lake: string): Promise<RingEvent[]> {
  const path = join(lake, ringLogFile);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const parsed = eventSchema.safeParse(json(line));
    if (!parsed.success)
      throw new RollcallError(
        'LAKE_DAMAGED',
        `${path}:${i + 1}: not an event of a ring (${parsed.error.issues[0]?.message}); nothing was changed, put the line right or restore the file`,
      );
    return [parsed.data];
  });
}

/** Adds to the log; the caller holds the lake's lock. */
export async function addToRingLog(lake: string, events: readonly RingEvent[]): Promise<void> {
  if (events.length === 0) return;
  await appendWhole(join(lake, ringLogFile), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

/** Writes every line anew, in its place; for taking out of them who is forgotten. The caller holds the lake's lock. */
export async function changeRingLog(lake: string, change: (line: string) => string): Promise<void> {
  await changeLines(join(lake, ringLogFile), change);
}

/** Puts a file with its lines changed in the place of one, in one step; one that is not there, or stays the same, is left. */
export async function changeLines(path: string, change: (line: string) => string): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const changed = text.split('\n').map(change).join('\n');
  if (changed === text) return;
  await writeWhole(path, changed);
}

/** The rings that a log leaves, by id. */
export function replay(log: readonly RingEvent[]): Map<string, RingState> {
  const rings = new Map<string, RingState>();
  for (const event of log) {
    const formed = rings.get(event.ring)?.formed ?? event.time;
    rings.set(event.ring, {
      id: event.ring,
      formed,
      members: event.members,
      state: event.event === 'dissolved' ? 'dissolved' : event.event === 'merged' ? 'merged' : 'there',
      ...(event.into ? { into: event.into } : {}),
    });
  }
  return rings;
}

/** The ring that another is part of now: itself, unless it merged. */
export function nowPartOf(rings: ReadonlyMap<string, RingState>, id: string): string {
  const seen = new Set<string>();
  let at = id;
  for (
    let ring = rings.get(at);
    ring?.state === 'merged' && ring.into && !seen.has(at);
    ring = rings.get(at)
  ) {
    seen.add(at);
    at = ring.into;
  }
  return at;
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
