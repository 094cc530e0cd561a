import { href, type PageName } from '../../route.js';

/** The parts of a page that has several, each with its address. */
export function Parts({
  page,
  id = '',
  now,
  parts,
}: {
  page: PageName;
  id?: string;
  now: string;
  parts: readonly { part: string; word: string }[];
}) {
  return (
    <nav className="parts-of-page" aria-label="Parts of this page">
      {parts.map(({ part, word }) => (
        <a key={part} href={href(page, id, { part })} aria-current={now === part ? 'page' : undefined}>
          {word}
        </a>
      ))}
    </nav>
  );
}
