import type { Route } from '../../route.js';

export function AuditPage(_: { route: Route }) {
  return <h1>Audit</h1>;
}
