import type { ReactNode } from 'react';
import { shown } from '../format.js';
import { href, replace } from '../route.js';

/** A stranger's text: isolated from the direction of what surrounds it, with deceptive characters named. */
export function Text({ value }: { value: unknown }) {
  return <bdi>{shown(value)}</bdi>;
}

/** A person's name, as a link to their page where the result holds one. */
export function PersonLink({
  id,
  name,
  known,
  row,
}: {
  id: string;
  name: string;
  known: boolean;
  row?: boolean;
}) {
  const text = name === '' ? id : name;
  if (!known) return <Text value={text} />;
  return (
    <a href={href('person', id)} className="name" data-row={row ? id : undefined}>
      <Text value={text} />
    </a>
  );
}

/** A list of short texts as one line: `a; b; c`. */
export function Line({ items, between = '; ' }: { items: readonly string[]; between?: string }) {
  const seen = new Map<string, number>();
  return items.map((item, index) => {
    const nth = (seen.get(item) ?? 0) + 1;
    seen.set(item, nth);
    return (
      <span key={`${item} ${nth}`}>
        {index > 0 ? between : ''}
        <Text value={item} />
      </span>
    );
  });
}

/** A link to another state of the same page. It has an address to copy, but leaves no step behind for Back. */
export function StateLink(props: {
  to: string;
  scrollTo?: string;
  className?: string;
  title?: string;
  children: ReactNode;
}) {
  const { to, scrollTo, className, title, children } = props;
  return (
    <a
      href={to}
      className={className}
      title={title}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        replace(to);
        if (scrollTo)
          requestAnimationFrame(() => document.getElementById(scrollTo)?.scrollIntoView({ block: 'start' }));
      }}
    >
      {children}
    </a>
  );
}
