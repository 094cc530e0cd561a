/**
 * Values of strangers as words of a shell. In bash and zsh `$'…'` takes every character as it is written, none means
 * anything; whatever is not a plain letter, digit or mark is written by its bytes, so that nothing in it can act on a
 * terminal it is pasted into either.
 */
const plain = /^[A-Za-z0-9@._+=:/% -]$/;

/** One word; undefined where no shell could hold it. */
export function quoted(value: string): string | undefined {
  if (value.includes('\0')) return undefined;
  if ([...value].every((char) => plain.test(char))) return `'${value}'`;
  let out = '';
  for (const char of value)
    out += plain.test(char)
      ? char
      : [...Buffer.from(char, 'utf8')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return `$'${out}'`;
}

/** As part of an address: also what `encodeURIComponent` leaves as it is and some servers do not. */
export function inAddress(value: string): string {
  // Half of a surrogate pair has no bytes.
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The lines of a command after the values it names; undefined where a value cannot be written. */
export function filled(command: string, values: Readonly<Record<string, string>>): string | undefined {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (!new RegExp(`\\$\\{?${name}\\b`).test(command)) continue;
    const word = quoted(value);
    if (word === undefined) return undefined;
    lines.push(`${name}=${word}`);
  }
  return [...lines, command.trimEnd()].join('\n');
}
