import { fields } from './fields/index.js';
import { capital } from './fill.js';
import { stockBullets } from './stock.js';
import { gerund, past } from './verbs.js';

/** How bullets begin: "Built …", "I built …", "Building …", "Responsible for building …", "Build …". */
export type Voice = 'past' | 'first' | 'gerund' | 'duty' | 'present';

/** Verbs bullets begin with besides those of the fields. */
export const leadingVerbs =
  `cut|reduce|lower|halve|raise|increase|lift|improve|trace|find|fix|work|team up|lead|manage|coach|mentor|move|migrate
  |switch|take over|bring|create|develop|implement|drive|deliver|spearhead|orchestrate|architect|streamline|optimize|leverage|collaborate
  |facilitate|enhance|establish|oversee|champion|engineer|craft|guide|give|teach|hold|represent|present|help|track|form|convince|save
  |construct|put together|assist|cooperate|decrease|trim|boost|grow|pin down|track down|head|supervise|transfer|relocate|draw up|produce
  |carry out|look after|administer|devise|conduct|perform|check|verify|scale|install|arrange|revise|overhaul|update|modernise|expand`
    .split('|')
    .map((verb) => verb.trim());

const bases = new Map<string, string>();
for (const verb of [...leadingVerbs, ...fields.flatMap(([field]) => field.verbs)]) {
  const base = verb.split(' ')[0] as string;
  bases.set(past(base), base);
}

/** A bullet that begins with a verb in the past tense, said in another voice. Others stay as they are. */
export function voiced(bullet: string, voice: Voice): string {
  const space = bullet.indexOf(' ');
  const base = bases.get(bullet.slice(0, space).toLowerCase());
  if (base === undefined || space < 0) return bullet;
  const rest = bullet.slice(space);
  switch (voice) {
    case 'past':
      return bullet;
    case 'first':
      return `I ${past(base)}${rest}`;
    case 'gerund':
      return `${capital(gerund(base))}${rest}`;
    case 'duty':
      return `Responsible for ${gerund(base)}${rest}`;
    case 'present':
      return `${capital(base)}${rest}`;
  }
}

/** The verb in the past tense a bullet begins with, as a dictionary has it. */
export function leadingVerb(bullet: string): string | undefined {
  return bases.get(bullet.slice(0, Math.max(0, bullet.indexOf(' '))).toLowerCase());
}

/** Whether a bullet is one that many have in the same words, in any voice. */
export function isStock(bullet: string): boolean {
  return stock.has(bullet);
}

const voices: Voice[] = ['past', 'first', 'gerund', 'duty', 'present'];
const stock = new Set(
  [...stockBullets, ...fields.flatMap(([field]) => field.duties)].flatMap((line) =>
    voices.map((voice) => voiced(line, voice)),
  ),
);
