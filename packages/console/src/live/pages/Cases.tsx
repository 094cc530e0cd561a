import type { Route } from '../../route.js';

export function CasesPage(_: { route: Route }) {
  return <h1>Cases</h1>;
}
