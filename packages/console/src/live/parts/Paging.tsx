import { count } from '../../format.js';
import { href, type Route } from '../../route.js';

/** Where we are in a long list that the server pages; `page` counts from 1. */
export function Paging({
  route,
  name = 'page',
  page,
  size,
  total,
  what,
}: {
  route: Route;
  name?: string;
  page: number;
  size: number;
  total: number;
  what: string;
}) {
  const last = Math.max(1, Math.ceil(total / size));
  if (last === 1 || route.page === 'unknown') return null;
  const { page: at, id, query } = route;
  const to = (number: number) =>
    href(at, id, { ...query, [name]: number === 1 ? undefined : String(number) });
  return (
    <nav className="pager" aria-label={`Pages of ${what}`}>
      {page > 1 ? (
        <a href={to(page - 1)} rel="prev">
          ← Previous
        </a>
      ) : (
        <span className="off">← Previous</span>
      )}
      <span>
        {count((page - 1) * size + 1)}–{count(Math.min(total, page * size))} of {count(total)} {what}
      </span>
      {page < last ? (
        <a href={to(page + 1)} rel="next">
          Next →
        </a>
      ) : (
        <span className="off">Next →</span>
      )}
    </nav>
  );
}
