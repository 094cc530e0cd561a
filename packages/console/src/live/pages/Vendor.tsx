import type { Route } from '../../route.js';

export function VendorPage(_: { route: Route }) {
  return <h1>Vendor</h1>;
}
