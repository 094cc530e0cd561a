import type { Route } from '../../route.js';

export function TrainingPage(_: { route: Route }) {
  return <h1>Training</h1>;
}
