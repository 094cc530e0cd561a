/** `rollcall match`: records that are about the same person, despite typos. */
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { explain, matchRecords } from '@rollcall/match';
import { writeWhole } from '../report.js';
import { bold, safe } from '../terminal.js';

export interface MatchFlags {
  out: string;
  threshold: number;
  id?: string;
  json?: boolean;
}

/**
 * Compares the records of one CSV file, or of two, and writes pairs with probability, weight and what each column adds. A
 * pair says that two records may be about one person; it says nothing about that person.
 */
export async function match(left: string, right: string | undefined, flags: MatchFlags): Promise<number> {
  const { pairs, clusters, model } = await matchRecords(
    { left, ...(right === undefined ? {} : { right }) },
    { threshold: flags.threshold, ...(flags.id === undefined ? {} : { id: flags.id }) },
  ).catch((error: unknown) => {
    throw new RollcallError('ARGUMENT_INVALID', error instanceof Error ? error.message : String(error));
  });
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ pairs, clusters, model }, null, 1)}\n`);
    return 0;
  }
  const lines = pairs.map((pair) => {
    const why = explain(model, pair)
      .filter(({ bits }) => bits !== 0)
      .map(({ column, level, bits }) => `${column} ${level} ${bits > 0 ? '+' : ''}${bits.toFixed(1)}`)
      .join('; ');
    return [pair.a, pair.b, pair.probability.toFixed(6), pair.weight.toFixed(2), why].map(cell).join(',');
  });
  await writeWhole(flags.out, ['a,b,probability,bits,why', ...lines, ''].join('\n'));
  console.log(
    `${pairs.length} pairs, ${clusters.length} groups of two records or more at ${flags.threshold}; ${bold('pairs')} in ${safe(flags.out)}`,
  );
  return 0;
}

/** A CSV cell. Spreadsheets run cells that begin with a sign of a formula: an apostrophe keeps them text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
