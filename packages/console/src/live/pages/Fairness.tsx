import type { Route } from '../../route.js';

export function FairnessPage(_: { route: Route }) {
  return <h1>Fairness</h1>;
}
