import type { Context } from 'hono';
import { Refusal } from '../model/refusal.js';

/** A file is often named after somebody: its name stands in no address. */
export const fileNameHeader = 'x-file-name';

const longest = 2000;

/** The name of a file that is the body of a request, with its folders. */
export function fileNameOf(context: Context): string {
  let name: string;
  try {
    name = decodeURIComponent(context.req.header(fileNameHeader) ?? '');
  } catch {
    name = '';
  }
  if (name === '' || name.includes('\0'))
    throw new Refusal(
      400,
      'FILE_NAME_MISSING',
      'say in the header X-File-Name what the file is called, percent-encoded as in an address',
    );
  if (name.length > longest)
    throw new Refusal(400, 'FILE_NAME_LONG', `the name with its folders has more than ${longest} characters`);
  return name;
}
