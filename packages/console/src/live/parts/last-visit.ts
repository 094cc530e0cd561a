/** When this browser showed Today before: a time, and nothing of anybody. */
import { recall, remember } from '../../parts/Theme.js';

const setting = 'rollcall.visit';
/** Shorter absences are one visit. */
const apart = 30 * 60_000;

let since: string | undefined;

/** The end of the last visit; the same for as long as this one lasts. */
export function sinceLastVisit(): string | undefined {
  const last = recall(setting) ?? undefined;
  const now = new Date();
  if (since === undefined && last !== undefined && now.getTime() - Date.parse(last) > apart) since = last;
  if (since === undefined || (last !== undefined && now.getTime() - Date.parse(last) > apart)) since = last;
  remember(setting, now.toISOString());
  return since !== undefined && !Number.isNaN(Date.parse(since)) ? since : undefined;
}
