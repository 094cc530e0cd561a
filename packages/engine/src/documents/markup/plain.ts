import { BlockList } from '../collect.js';
import type { Limits } from '../limits.js';
import type { Contents } from '../office/docx.js';
import { emptyTraces } from '../types.js';

/** Plain text: paragraphs parted by empty lines; a form feed begins a page. */
export function readPlain(text: string, limits: Limits): Contents {
  const list = new BlockList(limits);
  const sheets = text.slice(0, limits.characters + 1).split('\f');
  sheets.forEach((sheet, index) => {
    // Runs of spaces part columns in text that was laid out by hand.
    for (const paragraph of sheet.replace(/\r\n?/g, '\n').split(/\n(?:[ \t]*\n)+/))
      list.add({
        text: paragraph.replace(/(\S) {3,}(?=\S)/g, '$1\t'),
        part: 'body',
        ...(sheets.length > 1 && { page: index + 1 }),
      });
  });
  const cut = list.cut || text.length > limits.characters;
  return {
    blocks: list.blocks,
    pages: [],
    traces: emptyTraces(),
    warnings: cut
      ? [
          {
            code: 'cut',
            message: `only the first ${limits.characters} characters or ${limits.blocks} blocks were kept`,
          },
        ]
      : [],
  };
}
