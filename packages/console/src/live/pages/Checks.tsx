import type { Route } from '../../route.js';

export function ChecksPage(_: { route: Route }) {
  return <h1>Checks</h1>;
}
