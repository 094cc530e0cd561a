import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { RollcallError, type ScanResult } from '@rollcall/engine';

/** Where the page keeps its data. */
const slot = /(<script type="application\/json" id="rollcall-result">)[\s\S]*?(<\/script>)/;

/** Writes the report: the console's page with the result inside, one file that needs no network. */
export async function writeReport(result: ScanResult, path: string): Promise<void> {
  const template = fileURLToPath(import.meta.resolve('@rollcall/console/report.html'));
  if (!existsSync(template))
    throw new RollcallError('REPORT_MISSING', 'the report page is not built; run "npm run build" first');
  const page = await readFile(template, 'utf8');
  if (!slot.test(page)) throw new RollcallError('REPORT_MISSING', `${template} has no place for the data`);
  await writeWhole(
    path,
    page.replace(slot, (_, open: string, close: string) => open + embeddable(result) + close),
  );
}

/** JSON that cannot end the script element it stands in, nor hide in a comment. */
export function embeddable(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (ch) => `\\u${ch.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A file that is either wholly there or as it was before. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, text, { mode: 0o600 });
  await rename(part, path);
}
