import type { Route } from '../../route.js';

export function PeoplePage(_: { route: Route }) {
  return <h1>People</h1>;
}
