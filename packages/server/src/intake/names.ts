import { Refusal } from '../model/refusal.js';

/** Names in a file system are of bytes, and of no more than 255. */
const longest = 200;

/**
 * The path of a handed-in file below the folder of its batch: parts without dots in front, control characters and what
 * other systems forbid, so that it can neither leave the folder nor be hidden in it.
 */
export function cleanPath(name: string): string {
  if (name.length > 2000) throw new Refusal(422, 'NAME_INVALID', 'the name of the file is too long');
  const parts = name
    .normalize('NFC')
    .split(/[\\/]+/)
    .map((part) =>
      part
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
        .replace(/[\u0000-\u001f\u007f-\u009f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '_')
        .replace(/^[.\s]+/, '')
        .replace(/[.\s]+$/, ''),
    )
    .filter(Boolean)
    .map(shortened);
  if (parts.length === 0) throw new Refusal(422, 'NAME_INVALID', 'the file needs a name');
  if (parts.length > 12) throw new Refusal(422, 'NAME_INVALID', 'the file lies too deep in its folders');
  const path = parts.join('/');
  if (/\.rollcall\.yml$/i.test(path))
    throw new Refusal(
      422,
      'MAPPING_NOT_TAKEN',
      'files that say how others are read are not taken here: use “rollcall scan” for that, or name the columns as the documentation says',
    );
  return path;
}

/** Cut to what a file system takes, with its ending. */
function shortened(part: string): string {
  if (Buffer.byteLength(part) <= longest) return part;
  const ending = /\.[A-Za-z0-9]{1,8}(?:\.(?:gz|zst))?$/.exec(part)?.[0] ?? '';
  let start = part.slice(0, part.length - ending.length);
  while (Buffer.byteLength(start) + ending.length > longest) start = [...start].slice(0, -1).join('');
  return start + ending;
}

/** Files of these kinds are mostly named after the person they are about. */
export const namesPeople =
  /\.(pdf|docx?|odt|rtf|txt|md|html?|eml|msg|pages|zip|png|jpe?g|gif|webp|heic|tiff?)(\.gz|\.zst)?$/i;

/** Names near a word, the nearest first: for a name that was mistyped. */
export function near(word: string, names: readonly string[]): string[] {
  const most = Math.max(2, Math.floor(word.length / 3));
  return names
    .map((name) => ({
      name,
      far: name.includes(word) && word.length > 2 ? 0 : distance(word.slice(0, 60), name),
    }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** For a source there is no connector of. */
export function unknownSource(source: string, names: readonly string[]): Refusal {
  const like = near(source, names);
  return new Refusal(
    422,
    'SOURCE_UNKNOWN',
    like.length > 0
      ? `there is no connector of this name; near to it: ${like.join(', ')}`
      : 'there is no connector of this name; “rollcall content” and the documentation list them',
  );
}

/** Letters to change, add or leave out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] as number;
}
