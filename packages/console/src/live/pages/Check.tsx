import type { Route } from '../../route.js';

export function CheckPage(_: { route: Route }) {
  return <h1>Check</h1>;
}
