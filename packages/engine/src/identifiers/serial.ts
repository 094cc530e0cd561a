import type { IdentifierContext } from './context.js';
import { clean } from './identifier.js';

/** A serial number as letters and digits in upper case; what makers leave unset is none. */
export function serial(text: string, { facts }: IdentifierContext): string | undefined {
  const value = clean(text)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  return value.length >= 4 && !/^(.)\1+$/.test(value) && !facts.placeholderSerials.has(value)
    ? value
    : undefined;
}
