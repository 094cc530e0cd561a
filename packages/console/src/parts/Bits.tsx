import { bits } from '../format.js';

/** A number of bits with its unit. */
export function Bits({ value, unit = true }: { value: number; unit?: boolean }) {
  return (
    <span className="bits">
      {bits(value)}
      {unit ? <span className="unit"> bits</span> : null}
    </span>
  );
}

/** What a bit is, in one line, where bits are first met on a page. */
export function BitsExplained() {
  return (
    <p className="aside-line">
      Weight is counted in bits: each bit doubles the odds that somebody is not who they claim to be, each bit
      below zero halves them. 0 bits is even odds.
    </p>
  );
}
