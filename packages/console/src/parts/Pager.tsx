import { count } from '../format.js';
import { href, type PageName, type Query } from '../route.js';

/** Where we are in a long list. Pages are links: each has an address. */
export function Pager(props: {
  page: PageName;
  query: Query;
  name: string;
  at: number;
  size: number;
  total: number;
  what: string;
}) {
  const { page, query, name, at, size, total, what } = props;
  const last = Math.max(0, Math.ceil(total / size) - 1);
  if (last === 0) return null;
  const to = (number: number) =>
    href(page, '', { ...query, [name]: number === 0 ? undefined : String(number + 1) });
  return (
    <nav className="pager" aria-label={`Pages of ${what}`}>
      {at > 0 ? (
        <a href={to(at - 1)} rel="prev">
          ← Previous
        </a>
      ) : (
        <span className="off">← Previous</span>
      )}
      <span>
        {count(at * size + 1)}–{count(Math.min(total, (at + 1) * size))} of {count(total)} {what}
      </span>
      {at < last ? (
        <a href={to(at + 1)} rel="next">
          Next →
        </a>
      ) : (
        <span className="off">Next →</span>
      )}
    </nav>
  );
}

/** The slice of a list that a page number in the address names. */
export function paged<T>(
  list: readonly T[],
  number: string | undefined,
  size: number,
): { at: number; items: readonly T[] } {
  const last = Math.max(0, Math.ceil(list.length / size) - 1);
  const asked = Number.parseInt(number ?? '1', 10);
  const at = Math.min(last, Math.max(0, (Number.isFinite(asked) ? asked : 1) - 1));
  return { at, items: list.slice(at * size, (at + 1) * size) };
}
