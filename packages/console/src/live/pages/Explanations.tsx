import type { Route } from '../../route.js';

export function ExplanationsPage(_: { route: Route }) {
  return <h1>Explanations</h1>;
}
