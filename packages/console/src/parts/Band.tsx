import type { Band as BandName } from '@rollcall/engine/model/vocabulary.js';
import { bandWords } from '../words.js';

/** The band's shape: told apart without colour, from an empty ring (clear) to a full square (urgent). */
export function BandShape({ band, size = 12 }: { band: BandName; size?: number }) {
  return (
    <svg
      className={`band-shape band-${band}`}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      <BandGlyph band={band} />
    </svg>
  );
}

/** The shape alone, in a box of 12 by 12, for use inside another drawing. */
export function BandGlyph({ band }: { band: BandName }) {
  switch (band) {
    case 'urgent':
      return <rect className="fill" x="1" y="1" width="10" height="10" />;
    case 'review':
      return <path className="fill" d="M6 0.6 11.4 6 6 11.4 0.6 6Z" />;
    case 'watch':
      return (
        <>
          <circle className="hollow" cx="6" cy="6" r="4.8" />
          <path className="fill" d="M6 1.2a4.8 4.8 0 0 0 0 9.6Z" />
        </>
      );
    default:
      return <circle className="hollow" cx="6" cy="6" r="4.8" />;
  }
}

export function Band({ band }: { band: BandName }) {
  return (
    <span className="band">
      <BandShape band={band} />
      {bandWords[band]?.word ?? band}
    </span>
  );
}
