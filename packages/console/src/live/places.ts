import type { Permission } from '@rollcall/server/model/roles.js';
import type { PageName } from '../route.js';

/** The pages of the menu: word, second key after `g`, and who sees it there. */
export const places: readonly {
  page: PageName;
  word: string;
  key: string;
  permission: Permission;
  /** Pages that belong to it. */
  with?: readonly PageName[];
}[] = [
  { page: 'today', word: 'Today', key: 't', permission: 'today.view', with: ['overview'] },
  { page: 'people', word: 'People', key: 'p', permission: 'people.view', with: ['person'] },
  { page: 'rings', word: 'Rings', key: 'r', permission: 'rings.view', with: ['ring'] },
  { page: 'explanations', word: 'Explanations', key: 'x', permission: 'rings.view' },
  { page: 'applicants', word: 'Applicants', key: 'a', permission: 'applicants.view' },
  { page: 'checks', word: 'Checks', key: 'h', permission: 'checks.view', with: ['check'] },
  { page: 'vendors', word: 'Vendors', key: 'v', permission: 'vendors.view', with: ['vendor'] },
  { page: 'training', word: 'Training', key: 'n', permission: 'training.view', with: ['module'] },
  { page: 'cases', word: 'Cases', key: 'c', permission: 'cases.view', with: ['case'] },
  { page: 'detections', word: 'Detections', key: 'd', permission: 'detections.view', with: ['detection'] },
  { page: 'sources', word: 'Sources', key: 's', permission: 'sources.view' },
  { page: 'exposure', word: 'Exposure', key: 'e', permission: 'exposure.view' },
  { page: 'facts', word: 'Facts', key: 'f', permission: 'facts.view', with: ['fact'] },
  { page: 'fairness', word: 'Fairness', key: 'q', permission: 'fairness.view' },
  { page: 'audit', word: 'Audit', key: 'u', permission: 'audit.view' },
  { page: 'settings', word: 'Settings', key: ',', permission: 'settings.view' },
];
