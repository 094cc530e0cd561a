import type { Route } from '../../route.js';

export function FactPage(_: { route: Route }) {
  return <h1>Fact</h1>;
}
