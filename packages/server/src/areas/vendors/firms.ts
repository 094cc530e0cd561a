/** The firms that send people, and what is known of each. */
import { type Clauses, loadVendorContent, type Questionnaire } from '@rollcall/engine/content/vendors.js';
import { desc, eq } from 'drizzle-orm';
import { notFound } from '../../model/refusal.js';
import type { PersonRow, Services } from '../../model/services.js';
import { vendorAnswers, vendorAudits, vendorClauses, vendors } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { type Known, standing } from './standing.js';

const loaded = new Map<string, Promise<{ questionnaire: Questionnaire; clauses: Clauses }>>();
export function content(folder: string) {
  const known = loaded.get(folder);
  if (known) return known;
  const made = loadVendorContent(folder);
  loaded.set(folder, made);
  return made;
}

/** The people a firm sent who are here now. */
export function workersOf(name: string, services: Services): PersonRow[] {
  const wanted = name.trim().toLowerCase();
  return (services.results.current()?.people ?? []).filter(
    (row) =>
      row.vendor?.trim().toLowerCase() === wanted && (row.stage === 'onboarding' || row.stage === 'employed'),
  );
}

export const idOf = (name: string, services: Services) =>
  services.keys.handle(`vendor:${name.trim().toLowerCase()}`);

/** Every firm: those HR names beside somebody, and those that were added here. */
export async function firms(db: Db, services: Services): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const row of services.results.current()?.people ?? [])
    if (row.vendor?.trim()) {
      const id = idOf(row.vendor, services);
      if (!names.has(id)) names.set(id, row.vendor.trim());
    }
  for (const row of await db.select().from(vendors)) names.set(row.id, row.name);
  return names;
}

export async function firm(id: string, db: Db, services: Services): Promise<string> {
  const name = (await firms(db, services)).get(id);
  if (name === undefined) throw notFound('the firm');
  return name;
}

export async function knownOf(id: string, name: string, db: Db, services: Services): Promise<Known> {
  const [answers] = await db
    .select()
    .from(vendorAnswers)
    .where(eq(vendorAnswers.vendor, id))
    .orderBy(desc(vendorAnswers.at))
    .limit(1);
  return {
    answers,
    clauses: await db.select().from(vendorClauses).where(eq(vendorClauses.vendor, id)),
    audits: await db
      .select()
      .from(vendorAudits)
      .where(eq(vendorAudits.vendor, id))
      .orderBy(desc(vendorAudits.openedAt)),
    workers: workersOf(name, services).length,
  };
}

export async function standings(db: Db, services: Services) {
  const { questionnaire, clauses } = await content(services.content.folder);
  const [answers, signed, audits] = await Promise.all([
    db.select().from(vendorAnswers).orderBy(vendorAnswers.at),
    db.select().from(vendorClauses),
    db.select().from(vendorAudits),
  ]);
  const latest = new Map(answers.map((row) => [row.vendor, row]));
  return [...(await firms(db, services))]
    .map(([id, name]) => {
      const workers = workersOf(name, services);
      return {
        id,
        name,
        workers: workers.length,
        raised: workers.filter((row) => row.band !== 'clear').length,
        ...standing(
          {
            answers: latest.get(id),
            clauses: signed.filter((row) => row.vendor === id),
            audits: audits.filter((row) => row.vendor === id),
            workers: workers.length,
          },
          questionnaire,
          clauses,
          services.now(),
        ),
      };
    })
    .sort((a, b) => b.workers - a.workers || (a.name < b.name ? -1 : 1));
}
