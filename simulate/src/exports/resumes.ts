import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docx } from '../papers/docx.js';
import { type Paper, paperName, papersOf } from '../papers/papers.js';
import { pdf } from '../papers/pdf.js';
import { DAY } from '../time.js';
import type { World } from '../world.js';

/** Résumés as an applicant system hands them out: one file each, the candidate's number before its name. */
export function writeResumes(world: World, folder: string): void {
  const target = join(folder, 'resumes');
  const papers = papersOf(world);
  if (papers.length > 0) mkdirSync(target, { recursive: true });
  for (const paper of papers)
    writeFileSync(join(target, `${paper.person.candidateId}_${paperName(paper)}`), fileOf(paper));
}

function fileOf(paper: Paper): string | Buffer {
  const { text, author, origin, hidden, at } = paper;
  const created = at - 3 * DAY;
  switch (paper.format) {
    case 'pdf':
      return pdf(
        text,
        {
          ...(author ? { author } : {}),
          creator: 'Example Writer 4',
          producer: 'Example PDF Library 2.1',
          created,
          origin,
        },
        hidden,
      );
    case 'docx':
      return docx(
        text,
        {
          author,
          lastModifiedBy: author,
          created,
          modified: at - DAY,
          revision: 3,
          rsidRoot: `00${origin.slice(0, 6)}`,
        },
        hidden,
      );
    case 'txt':
      return text;
  }
}
