import type { Route } from '../../route.js';

export function VendorsPage(_: { route: Route }) {
  return <h1>Vendors</h1>;
}
