import type { Route } from '../../route.js';

export function ApplicantsPage(_: { route: Route }) {
  return <h1>Applicants</h1>;
}
