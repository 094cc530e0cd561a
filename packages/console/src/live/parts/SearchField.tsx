import { setQuery } from '../../route.js';

/** Words to look for in a list that is here as a whole; they stand in the address. */
export function SearchField({ q }: { q: string }) {
  return (
    <label className="choice">
      Search{' '}
      <input id="search" type="search" value={q} onChange={(event) => setQuery({ q: event.target.value })} />
    </label>
  );
}
