/**
 * The lot that spot checks are drawn by. Pure: who is in the lot, the period and its seed give who is called when and with
 * which request; an auditor gets the same from the same. Nothing else is an input: no band, no finding, no team.
 *
 * Each draw hangs on one person's handle alone, so that people who join or leave change nobody else's.
 */
import { createHash, createHmac } from 'node:crypto';

export interface Period {
  /** `2026-H2`. */
  id: string;
  /** First and last day, `YYYY-MM-DD`. */
  from: string;
  to: string;
}

export interface Lot {
  period: Period;
  /** 32 bytes, in hex. */
  seed: string;
  /** Ids of the requests, in the order they had when the period was promised. */
  challenges: readonly string[];
  /** Everybody in the lot: handle, and the day from which they can be called. */
  people: readonly { handle: string; from: string }[];
}

export interface Drawn {
  handle: string;
  /** 1, or 2 for the one in four who are drawn twice. */
  turn: number;
  day: string;
  /** Of the working day of whoever is called. */
  window: 'first half' | 'second half';
  challenge: string;
  /** Four letters to say or to write, where the request asks for a word. */
  word: string;
}

/** Letters that are not mistaken for others when said aloud. */
const letters = 'ABDEFGHKLMNOPRSTUVWYZ';
const oneDay = 86_400_000;

/** The half of a year that a day is in. */
export function periodOf(day: string): Period {
  const year = day.slice(0, 4);
  return Number(day.slice(5, 7)) <= 6
    ? { id: `${year}-H1`, from: `${year}-01-01`, to: `${year}-06-30` }
    : { id: `${year}-H2`, from: `${year}-07-01`, to: `${year}-12-31` };
}

export function periodAfter(period: Period): Period {
  return periodOf(dayAfter(period.to));
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * oneDay).toISOString().slice(0, 10);
}

/** Mondays to Fridays between two days, both counted. */
export function workingDays(from: string, to: string): string[] {
  const found: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += oneDay) {
    const date = new Date(at);
    if (date.getUTCDay() % 6 !== 0) found.push(date.toISOString().slice(0, 10));
  }
  return found;
}

/** What is promised before the period begins. */
export function promiseOf(seed: string): string {
  return createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex');
}

/**
 * What is drawn for one person. The digest is HMAC-SHA-256 over `PERIOD|HANDLE|TURN` with the seed as key. Of it: bytes
 * 0–3 modulo the number of working days left give the day, the lowest bit of byte 4 the half of the day, bytes 5–8 the
 * request, bytes 9–12 the word. The second turn is drawn where byte 13 is below 64. First halves of a year use the requests
 * at even places of the list, second halves those at odd places, and a second turn takes the next one: nobody gets one
 * request twice running.
 */
export function drawFor(
  lot: Pick<Lot, 'period' | 'seed' | 'challenges'>,
  person: { handle: string; from: string },
): Drawn[] {
  const from = person.from > lot.period.from ? person.from : lot.period.from;
  const days = workingDays(from, lot.period.to);
  if (days.length === 0) return [];
  const odd = lot.period.id.endsWith('H2') ? 1 : 0;
  const mine = lot.challenges.filter((_, index) => index % 2 === odd);
  const drawn: Drawn[] = [];
  let first = 0;
  for (const turn of [1, 2]) {
    const digest = createHmac('sha256', Buffer.from(lot.seed, 'hex'))
      .update(`${lot.period.id}|${person.handle}|${turn}`, 'utf8')
      .digest();
    if (turn === 2 && (digest[13] as number) >= 64) break;
    const place = turn === 1 ? digest.readUInt32BE(5) % mine.length : (first + 1) % mine.length;
    if (turn === 1) first = place;
    drawn.push({
      handle: person.handle,
      turn,
      day: days[digest.readUInt32BE(0) % days.length] as string,
      window: (digest[4] as number) % 2 === 0 ? 'first half' : 'second half',
      challenge: mine[place] as string,
      word: [9, 10, 11, 12].map((at) => letters[(digest[at] as number) % letters.length]).join(''),
    });
  }
  return drawn;
}

/** Everything that is drawn in a period, by day and handle. */
export function draw(lot: Lot): Drawn[] {
  return [...lot.people]
    .sort((a, b) => (a.handle < b.handle ? -1 : a.handle > b.handle ? 1 : 0))
    .flatMap((person) => drawFor(lot, person))
    .sort((a, b) =>
      a.day < b.day
        ? -1
        : a.day > b.day
          ? 1
          : a.handle < b.handle
            ? -1
            : a.handle > b.handle
              ? 1
              : a.turn - b.turn,
    );
}
