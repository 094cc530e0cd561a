/** Which page answers which address. Each is read when it is first opened. */
import { type ComponentType, lazy } from 'react';
import type { PageName, Route } from '../../route.js';

type Page = ComponentType<{ route: Route }>;

export const pages: Partial<Record<PageName, Page>> = {
  today: lazy(() => import('./Today.js').then((page) => ({ default: page.TodayPage }))),
  people: lazy(() => import('./People.js').then((page) => ({ default: page.PeoplePage }))),
  person: lazy(() => import('./Person.js').then((page) => ({ default: page.PersonPage }))),
  rings: lazy(() => import('./Rings.js').then((page) => ({ default: page.RingsPage }))),
  ring: lazy(() => import('./Ring.js').then((page) => ({ default: page.RingPage }))),
  applicants: lazy(() => import('./Applicants.js').then((page) => ({ default: page.ApplicantsPage }))),
  checks: lazy(() => import('./Checks.js').then((page) => ({ default: page.ChecksPage }))),
  check: lazy(() => import('./Check.js').then((page) => ({ default: page.CheckPage }))),
  vendors: lazy(() => import('./Vendors.js').then((page) => ({ default: page.VendorsPage }))),
  vendor: lazy(() => import('./Vendor.js').then((page) => ({ default: page.VendorPage }))),
  training: lazy(() => import('./Training.js').then((page) => ({ default: page.TrainingPage }))),
  module: lazy(() => import('./Module.js').then((page) => ({ default: page.ModulePage }))),
  cases: lazy(() => import('./Cases.js').then((page) => ({ default: page.CasesPage }))),
  case: lazy(() => import('./Case.js').then((page) => ({ default: page.CasePage }))),
  explanations: lazy(() => import('./Explanations.js').then((page) => ({ default: page.ExplanationsPage }))),
  detections: lazy(() => import('./Detections.js').then((page) => ({ default: page.DetectionsPage }))),
  detection: lazy(() => import('./Detection.js').then((page) => ({ default: page.DetectionPage }))),
  sources: lazy(() => import('./Sources.js').then((page) => ({ default: page.SourcesPage }))),
  exposure: lazy(() => import('./Exposure.js').then((page) => ({ default: page.ExposurePage }))),
  facts: lazy(() => import('./Facts.js').then((page) => ({ default: page.FactsPage }))),
  fact: lazy(() => import('./Fact.js').then((page) => ({ default: page.FactPage }))),
  fairness: lazy(() => import('./Fairness.js').then((page) => ({ default: page.FairnessPage }))),
  audit: lazy(() => import('./Audit.js').then((page) => ({ default: page.AuditPage }))),
  settings: lazy(() => import('./Settings.js').then((page) => ({ default: page.SettingsPage }))),
};
