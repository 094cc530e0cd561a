import type { Route } from '../../route.js';

export function RingsPage(_: { route: Route }) {
  return <h1>Rings</h1>;
}
