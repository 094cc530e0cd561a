import type { ReactNode } from 'react';
import { href } from '../../route.js';
import { useMay } from '../session.js';

/** Leads to Sources whoever may see it; to others it is a word and no dead end. */
export function SourcesLink({ children = 'Sources' }: { children?: ReactNode }) {
  return useMay()('sources.view') ? <a href={href('sources')}>{children}</a> : children;
}
