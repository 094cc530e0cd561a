import type { Random } from '../random.js';
import { capital } from './fill.js';
import { longestPhrase, synonyms } from './synonyms.js';
import { placeAdjectives, qualities } from './trade.js';
import { gerund, past } from './verbs.js';
import { leadingVerb, type Voice, voiced } from './voice.js';

/**
 * `light`: somebody goes over the text once: about every third word that has a synonym, other figures, now and then
 * another tense or the clauses the other way round. `heavy`: nearly every word that has one, clauses turned round,
 * adjectives left out.
 */
export type Strength = 'light' | 'heavy';

const rates = {
  light: { word: 0.35, figure: 0.7, swap: 0.25, voice: 0.2, drop: 0.08 },
  heavy: { word: 0.9, figure: 0.95, swap: 0.7, voice: 0.5, drop: 0.45 },
};

/** The same bullet in other words. */
export function reword(random: Random, bullet: string, strength: Strength): string {
  const rate = rates[strength];
  let text = random.chance(rate.swap) ? swapped(bullet) : bullet;
  if (random.chance(rate.voice))
    text = voiced(text, random.pick<Voice>(['first', 'gerund', 'duty', 'present']));
  text = replaced(random, text, rate.word);
  text = dropped(random, text, rate.drop);
  return figures(random, text, rate.figure);
}

/**
 * "Rebuilt X with Y, cutting Z by 40%" as "Cut Z by 40% by rebuilding X with Y"; "Did A so that B" as
 * "So that B, did A". A bullet of one clause stays as it is.
 */
function swapped(bullet: string): string {
  const base = leadingVerb(bullet);
  const result = /^(.+), (cutting|reducing|lowering|bringing down) (.+)$/.exec(bullet);
  if (result && base !== undefined) {
    const [, first = '', verb = '', rest = ''] = result;
    const did = { cutting: 'Cut', reducing: 'Reduced', lowering: 'Lowered' }[verb] ?? 'Brought down';
    return `${did} ${rest} by ${gerund(base)}${first.slice(past(base).length)}`;
  }
  const reason =
    /^([^,]+?) ((?:so that|to (?:meet|open|free|end|win|replace)|after|ahead of|because|when) [^,]+)$/.exec(
      bullet,
    );
  if (reason?.[1] && reason[2] && reason[1].split(' ').length > 3)
    return `${capital(reason[2])}, ${reason[1].charAt(0).toLowerCase()}${reason[1].slice(1)}`;
  const comma = bullet.indexOf(', and ');
  return comma > 0 ? `${capital(bullet.slice(comma + 6))}; ${bullet.slice(0, comma)}` : bullet;
}

function replaced(random: Random, text: string, rate: number): string {
  const words = text.split(' ');
  const out: string[] = [];
  for (let i = 0; i < words.length; ) {
    let taken = 1;
    let put = words[i] as string;
    for (let length = Math.min(longestPhrase, words.length - i); length > 0; length--) {
      const raw = words.slice(i, i + length).join(' ');
      const tail = /[,.;:)]*$/.exec(raw)?.[0] ?? '';
      const bare = raw.slice(0, raw.length - tail.length);
      const others = synonyms.get(bare.toLowerCase());
      if (!others) continue;
      taken = length;
      put = raw;
      if (random.chance(rate)) {
        const other = random.pick(others);
        put = (bare.charAt(0) === bare.charAt(0).toLowerCase() ? other : capital(other)) + tail;
      }
      break;
    }
    out.push(put);
    i += taken;
  }
  return out.join(' ');
}

/** Leaves out articles and adjectives here and there, and sometimes the last clause. */
function dropped(random: Random, text: string, rate: number): string {
  const comma = text.lastIndexOf(', ');
  const kept = comma > text.length / 2 && random.chance(rate) ? text.slice(0, comma) : text;
  return kept
    .split(' ')
    .filter((word) => !spare.has(word) || !random.chance(rate))
    .join(' ');
}

const spare = new Set(['a', 'an', 'the', 'only', 'very', 'own', 'all', ...placeAdjectives, ...qualities]);

/** Other figures of the same size. Years stay. */
function figures(random: Random, text: string, rate: number): string {
  return text.replace(/\d+/g, (digits) => {
    const value = Number(digits);
    if (/^(19|20)\d\d$/.test(digits) || /^0/.test(digits) || !random.chance(rate)) return digits;
    const other = Math.max(2, Math.round(value * random.between(0.7, 1.4)));
    return String(other === value ? value + 1 : other);
  });
}
