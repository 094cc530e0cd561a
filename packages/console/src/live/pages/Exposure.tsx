import type { Route } from '../../route.js';

export function ExposurePage(_: { route: Route }) {
  return <h1>Exposure</h1>;
}
