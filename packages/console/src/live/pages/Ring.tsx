import type { Route } from '../../route.js';

export function RingPage(_: { route: Route }) {
  return <h1>Ring</h1>;
}
