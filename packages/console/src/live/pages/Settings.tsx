import type { Route } from '../../route.js';

export function SettingsPage(_: { route: Route }) {
  return <h1>Settings</h1>;
}
