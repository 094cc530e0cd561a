import type { TextLine } from './lines.js';

/** "N years of X", as somebody says it of themselves. */
export interface SkillYears {
  /** What it is said of, as written. */
  subject: string;
  years: number;
  /** "5+", "over 5": at least so many. */
  orMore: boolean;
  text: string;
  block: number;
}

const phrase =
  /(?:(over|more than|at least)\s+)?(?<![\d.])(\d{1,2})(\s?\+)?\s+years?['’]?\s+(?:of\s+)?(?:(?:hands-on|professional|proven|solid|extensive|industry|work(?:ing)?|practical|total)\s+){0,2}(?:experience\s+)?(?:(?:in|with|of|using|on|as an?|developing in|programming in)\s+)?((?:[\p{L}\d#+/ -]|\.(?=[\p{L}\d])){1,60})/giu;
/** Words that begin another thought, and so end the subject. */
const ends =
  /\s+(?:and|or|experience|expertise|including|with|in|for|at|across|building|where|who|that|which|to|as|on|from|while|designing|developing|working)\b.*$|[.\s-]+$/i;
/** No thing that somebody can have years of, or only the beginning of a sentence. */
const empty =
  /^(?:(?:building|designing|developing|delivering|creating|leading|managing|working|writing|making|helping|supporting|driving|shipping)\b.*|experience|expertise|work|working|professional|industry|total|ago|old|in|with|of|the|a|an)?$/i;

/** Spoken languages are behind the wall; their names come with Node. */
const languages = new Set(
  'aa ab af am ar as az be bg bn bo bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ku ky la lo lt lv mk ml mn mr ms mt my ne nl no or pa pl ps pt ro ru sd si sk sl so sq sr sv sw ta te tg th tk tl tr uk ur uz vi xh yi zh zu'
    .split(' ')
    .map((code) => new Intl.DisplayNames(['en'], { type: 'language' }).of(code)?.toLowerCase() ?? ''),
);

export function findSkillYears(lines: readonly TextLine[]): SkillYears[] {
  const found: SkillYears[] = [];
  lines.forEach((line, index) => {
    // A phrase may run on into the next line of its block.
    const next = lines[index + 1];
    const text = next && next.block === line.block ? `${line.text} ${next.text}` : line.text;
    for (const match of text.matchAll(phrase)) {
      if (match.index >= line.text.length) break;
      const subject = (match[4] ?? '').replace(ends, '').replace(ends, '').trim();
      const years = Number(match[2]);
      if (
        empty.test(subject) ||
        /^(?:an?|the)\s/i.test(subject) ||
        years === 0 ||
        years > 60 ||
        subject.split(/\s+/).length > 5
      )
        continue;
      if (
        subject
          .toLowerCase()
          .split(/\s+/)
          .some((word) => languages.has(word))
      )
        continue;
      if (found.length >= 200 || found.some((other) => other.subject === subject && other.years === years))
        continue;
      found.push({
        subject,
        years,
        orMore: Boolean(match[1] ?? match[3]),
        text: match[0].trim(),
        block: line.block,
      });
    }
  });
  return found;
}
