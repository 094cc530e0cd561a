import type { Block, Instruction } from './types.js';

/**
 * Passages written for a program that reads résumés. Each pattern needs an order *and* its object ("ignore" and
 * "previous instructions"), so that a text about prompt injection by somebody who works on it is not enough by itself;
 * a match is still only a passage to read, and most matter only where the text is also hidden.
 */
const patterns: readonly { name: string; pattern: RegExp }[] = [
  {
    name: 'sets earlier instructions aside',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|every|the|your|of|these|those|my)\s+){0,4}(?:previous|prior|earlier|above|preceding|foregoing|other|existing|initial|original|system)\s+(?:\w+\s+){0,2}(?:instructions?|prompts?|directions?|rules?|guidelines?|commands?|context)\b/i,
  },
  {
    name: 'gives the reader a role',
    pattern:
      /\b(?:you are now|from now on,? you(?: are| will| must)|act as (?:an?|the) (?:ai|hr|recruit\w+|hiring\w*|assistant|evaluator|screener))\b/i,
  },
  {
    name: 'asks for a rating',
    pattern:
      /\b(?:rate|rank|score|mark|classify|evaluate|recommend|label|approve|shortlist)\s+(?:this|the|him|her|them|me)\s*(?:candidate|applicant|r[eé]sum[eé]|cv|profile|application|person)?\s+(?:as|with|at|highly|for)?\s*(?:an?\s+|the\s+)?(?:strong(?:est)?|best|top|highest|excellent|perfect|exceptional|ideal|highly|qualified|hired?|10\b|100\b|ten\b)/i,
  },
  {
    name: 'asks for a rating',
    pattern:
      /\b(?:say|state|respond|reply|answer|output|return|write|conclude)\s+(?:only\s+)?(?:that\s+)?["“']?(?:this|the|he|she|they)\s+(?:candidate|applicant|person|is|are)\b.{0,60}\b(?:qualified|hire|best|fit|match|exceptional|recommend)/i,
  },
  {
    name: 'speaks to a language model',
    pattern:
      /\b(?:note|attention|message|instructions?|important|dear)\b[^.\n]{0,20}\b(?:to|for)?\s*(?:any\s+|all\s+|the\s+)?(?:ai|llm|language)\s*(?:models?|assistants?|systems?|agents?|screeners?|reviewers?|recruiters?)\s*(?:reading|reviewing|processing|evaluating|parsing|:)/i,
  },
  {
    name: 'speaks to a language model',
    pattern:
      /\bif you are (?:an? )?(?:ai\b|llm\b|(?:large )?language model|chatbot|chatgpt|automated (?:system|reader))/i,
  },
  { name: 'marks of a prompt', pattern: /<\|(?:im_start|im_end|system|endoftext)\|>|\[\/?INST\]|<<SYS>>/ },
];

/** Every block in which a pattern is found; one entry a block and pattern. */
export function findInstructions(blocks: readonly Block[], most: number): Instruction[] {
  const found: Instruction[] = [];
  blocks.forEach((block, index) => {
    // Lines of a PDF break anywhere. Long blocks are looked at in overlapping pieces, to bound each match.
    const text = block.text.replace(/\s+/g, ' ');
    const named = new Set<string>();
    for (let start = 0; start < text.length && found.length < most; start += 4_000) {
      const piece = text.slice(start, start + 4_300);
      for (const { name, pattern } of patterns) {
        if (named.has(name)) continue;
        const match = pattern.exec(piece);
        if (!match) continue;
        named.add(name);
        found.push({
          text: piece.slice(Math.max(0, match.index - 40), match.index + 260).trim(),
          pattern: name,
          block: index,
          ...(block.hidden && { hidden: block.hidden }),
        });
      }
    }
  });
  return found;
}
