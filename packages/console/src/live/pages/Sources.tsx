import type { Route } from '../../route.js';

export function SourcesPage(_: { route: Route }) {
  return <h1>Sources</h1>;
}
