import type { Route } from '../../route.js';

export function PersonPage(_: { route: Route }) {
  return <h1>Person</h1>;
}
