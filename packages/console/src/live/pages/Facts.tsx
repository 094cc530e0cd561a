import type { Route } from '../../route.js';

export function FactsPage(_: { route: Route }) {
  return <h1>Facts</h1>;
}
