import type { Route } from '../../route.js';

export function CasePage(_: { route: Route }) {
  return <h1>Case</h1>;
}
