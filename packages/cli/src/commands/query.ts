import { query } from '@rollcall/engine';
import { printTable } from '../terminal.js';

export async function runQuery(sql: string, flags: { lake: string; json?: boolean }): Promise<number> {
  const { columns, rows } = await query(flags.lake, sql);
  if (flags.json) process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`);
  else printTable(columns, rows);
  return 0;
}
