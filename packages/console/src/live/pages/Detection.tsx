import type { Route } from '../../route.js';

export function DetectionPage(_: { route: Route }) {
  return <h1>Detection</h1>;
}
