import type { Route } from '../../route.js';

export function TodayPage(_: { route: Route }) {
  return <h1>Today</h1>;
}
