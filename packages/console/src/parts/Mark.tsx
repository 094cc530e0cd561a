import type { PageName } from '../route.js';
import { href } from '../route.js';

/** The product's name, and the way back to its first page. */
export function Mark({ to }: { to: PageName }) {
  return (
    <a className="mark" href={href(to)}>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <path d="M1 4h9M1 9h7M1 14h4" />
        <path className="tick-mark" d="M8.5 13l2.8 2.8L17 8.5" />
      </svg>
      Rollcall
    </a>
  );
}
