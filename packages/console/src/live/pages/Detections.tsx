import type { Route } from '../../route.js';

export function DetectionsPage(_: { route: Route }) {
  return <h1>Detections</h1>;
}
