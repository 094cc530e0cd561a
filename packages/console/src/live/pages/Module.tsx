import type { Route } from '../../route.js';

export function ModulePage(_: { route: Route }) {
  return <h1>Module</h1>;
}
