import type { Block, ReadDocument } from '../types.js';

/** A visible line with where it stands. */
export interface TextLine {
  text: string;
  /** Index into `blocks`. */
  block: number;
  page?: number;
  part: Block['part'];
  /** First line of its block. */
  first: boolean;
}

const mostLines = 20_000;
const longest = 1_000;

export function visibleLines(document: Pick<ReadDocument, 'blocks'>): TextLine[] {
  const lines: TextLine[] = [];
  document.blocks.forEach((block, index) => {
    if (block.hidden) return;
    block.text.split('\n').forEach((text, at) => {
      if (lines.length < mostLines && text.trim() !== '')
        lines.push({
          text: text.trim().slice(0, longest),
          block: index,
          part: block.part,
          first: at === 0,
          ...(block.page !== undefined && { page: block.page }),
        });
    });
  });
  return lines;
}

export type Section = 'employment' | 'education' | 'other';

/** Headings in use, by section; a line is a heading only where nothing else stands on it. */
const headings: readonly { section: Section; pattern: RegExp }[] = [
  {
    section: 'employment',
    pattern:
      /^(?:(?:professional|work|relevant|employment|career|industry|job|additional)\s+)?(?:experiences?|employment|career history|work history|employment history|history|positions?(?: held)?)$|^(?:professional|work|employment|career) background$|^(?:where i(?: have|'ve|’ve)? worked|career|work)$/i,
  },
  {
    section: 'education',
    pattern:
      /^(?:education(?:al background)?|academic (?:background|history)|education (?:and|&) training|academics)$/i,
  },
  {
    section: 'other',
    pattern:
      /^(?:(?:professional|technical|core|key|programming|personal|selected|side|relevant|executive|open source|soft|hard|honors?|awards?|certifications?|licenses?|volunteer(?:ing)?|extracurricular)\s*(?:and|&)?\s*)?(?:summary|profile|profiles|objective|about(?: me)?|skills?|technologies|competenc(?:y|ies)|strengths|projects?|certifications?|certificates?|licenses?|courses?|training|publications?|presentations?|talks|patents?|awards?|honors?|achievements?|volunteering|volunteer(?: work| experience)?|activit(?:y|ies)|interests|hobbies|languages?|references?|contact|contributions?|writing|program committees?)$/i,
  },
];

/** The section a line opens, or undefined where it is no heading. */
export function headingOf(line: string): Section | undefined {
  const text = line.replace(/^[#*•▪■◆\s\d.]+|[:：\s_*—–-]+$/g, '').trim();
  if (text === '' || text.length > 50) return undefined;
  return headings.find(({ pattern }) => pattern.test(text))?.section;
}
