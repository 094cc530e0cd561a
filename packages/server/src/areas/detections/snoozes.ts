/** Findings set aside for a while: explanations of kind `snooze` among the decisions of the lake. */
import {
  everConfirmed,
  readDecisions,
  snoozeFinding,
  snoozeMost,
  withdrawExplanation,
} from '@rollcall/engine/links/index.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { detectionOf, latestScan } from './list.js';
import type { Snooze } from './words.js';

export interface Held {
  id: string;
  person: string;
  detection: string;
  reason: string;
  by: string;
  since: string;
  until: string;
  state: Snooze['state'];
}

/** Every snooze ever recorded, the latest first. */
export async function heldSnoozes(services: Services): Promise<Held[]> {
  const today = services.now().toISOString().slice(0, 10);
  return everConfirmed(await readDecisions(services.lake))
    .filter(({ explanation }) => explanation.kind === 'snooze')
    .flatMap(({ id, time, explanation, withdrawn }) => {
      const { until = '', reason, by } = explanation;
      const state = withdrawn
        ? ('ended' as const)
        : until < today
          ? ('over' as const)
          : ('in force' as const);
      return explanation.people.flatMap((person) =>
        explanation.detections.map((detection) => ({
          id,
          person,
          detection,
          reason,
          by,
          since: time,
          until,
          state,
        })),
      );
    })
    .reverse();
}

/** By person and detection, those that count today. */
export async function snoozesInForce(services: Services): Promise<ReadonlyMap<string, Held>> {
  return new Map(
    (await heldSnoozes(services))
      .filter((one) => one.state === 'in force')
      .map((one) => [`${one.detection} ${one.person}`, one]),
  );
}

export async function listSnoozes(services: Services, user: User): Promise<Snooze[]> {
  const held = await heldSnoozes(services);
  const snapshot = services.results.current();
  const opened = await services.sight.open(user);
  const titles = new Map(services.content.detections.map((one) => [one.id, one.title]));
  const names = new Map((await services.accounts.list()).map((one) => [one.id, one.name]));
  const list = held.map((one): Snooze => {
    const row = snapshot?.row(one.person);
    return {
      id: one.id,
      detection: one.detection,
      title: titles.get(one.detection) ?? one.detection,
      handle: services.keys.handle(one.person),
      name: services.sight.called(row ?? { id: one.person, name: '' }, opened.has(one.person)),
      reason: one.reason,
      by: names.get(one.by) ?? one.by,
      since: one.since,
      until: one.until,
      state: one.state,
    };
  });
  // Reasons are free text: what would say who it is about is taken out like anywhere else.
  return services.sight.veil(
    user,
    list,
    held.map((one) => one.person),
  );
}

export async function snooze(
  services: Services,
  user: User,
  given: { detection: string; handle: string; reason: string; until: string },
): Promise<{ id: string; decision: number }> {
  const { content, snapshot } = detectionOf(services, given.detection);
  const row = snapshot.row(given.handle);
  const person = row && (await snapshot.person(row.id));
  if (row?.handle !== given.handle || !person?.signals.some((one) => one.detection === given.detection))
    throw new Refusal(404, 'NO_FINDING', 'this detection found nothing about this person at the last scan');
  if (content?.weight?.conclusive)
    throw new Refusal(
      409,
      'CONCLUSIVE',
      'one such finding is enough by itself, so nobody sets it aside alone: open a case, and clear the person there',
    );
  const decision = await said(() =>
    snoozeFinding(services.lake, row.id, given.detection, {
      by: user.id,
      reason: given.reason,
      until: given.until,
      now: services.now(),
    }),
  );
  await services.intake.wake('a finding was set aside');
  return { id: decision.kind === 'explanation.confirm' ? decision.what.id : '', decision: decision.id };
}

export async function endSnooze(
  services: Services,
  user: User,
  id: string,
  reason: string,
): Promise<Held & { decision: number }> {
  latestScan(services);
  const held = (await heldSnoozes(services)).find((one) => one.id === id && one.state === 'in force');
  if (!held) throw notFound('the snooze');
  const decision = await said(() =>
    withdrawExplanation(services.lake, id, { by: user.id, reason, now: services.now() }),
  );
  await services.intake.wake('a finding counts again');
  return { ...held, decision: decision.id };
}

/** Complaints of the engine may name ids; ours do not. */
async function said<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    if (error.code === 'LAKE_MISSING')
      throw new Refusal(409, 'NO_SCAN', 'there was no scan yet, so there is nothing to set aside');
    if (/on record already/.test(error.message))
      throw new Refusal(409, 'SNOOZED', 'this finding is set aside already');
    if (/is over|at most|day is written/.test(error.message))
      throw new Refusal(
        422,
        'DAY_INVALID',
        `the last day lies between today and ${snoozeMost} days from now, written like 2026-03-31`,
      );
    throw new Refusal(422, 'NOT_RECORDED', 'this could not be put on record: say why, and until which day');
  }
}
