import { createHash } from 'node:crypto';
import type { Row } from '@rollcall/match';

/**
 * A record as its owner might write it another day: a slip in the name, another mailbox or phone, half an address. Of a
 * company's own people hardly anyone is recorded twice, so how records of one human being differ is learnt from these.
 * The shares are our estimate. The same row gives the same answer.
 */
export function respelled(row: Row): Row {
  const digest = createHash('sha256').update(JSON.stringify(row)).digest();
  let next = 0;
  /** 0 to 1. */
  const draw = () => digest.readUInt16BE(next++ * 2) / 0x10000;
  const text = (column: string) => (row[column] == null ? null : String(row[column]));
  const changed = (
    column: string,
    ways: readonly (readonly [number, (value: string) => string | null])[],
  ) => {
    const value = text(column);
    let at = draw();
    if (value === null) return null;
    for (const [share, way] of ways) {
      at -= share;
      if (at < 0) return way(value);
    }
    return value;
  };
  const place = draw();
  const slip = (value: string) => swapped(value, place);
  return {
    ...row,
    name: changed('name', [
      [0.3, slip],
      [0.1, (value) => value.split(' ').reverse().join(' ')],
      [0.1, (value) => value.replace(/^(\S)\S*/, '$1')],
      [0.05, (value) => value.replace(/\S+$/, (word) => word.slice(0, Math.max(2, word.length - 2)))],
    ]),
    email: changed('email', [
      [0.35, () => null],
      [0.1, (value) => value.replace(/@.*/, '@another.example.net')],
      [0.1, slip],
    ]),
    phone: changed('phone', [
      [0.35, () => null],
      [0.1, slip],
    ]),
    address: changed('address', [
      [0.4, () => null],
      [0.2, (value) => value.split(' ').slice(0, -1).join(' ')],
    ]),
  };
}

/** Two neighbouring letters change places, somewhere after the first. */
function swapped(value: string, place: number): string {
  if (value.length < 4) return value;
  const at = 1 + Math.floor(place * (value.length - 2));
  return `${value.slice(0, at)}${value[at + 1]}${value[at]}${value.slice(at + 2)}`;
}
