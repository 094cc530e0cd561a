/**
 * A mail a day to everybody with an account for whom something is late or due: how much waits, and where. Whom and what
 * it is about stands behind signing in, and in no mail.
 */
import type { User } from '../../model/roles.js';
import type { Mail, Services } from '../../model/services.js';
import type { Area, Waiting } from '../area.js';
import { gathered } from '../today/index.js';
import { reminderSetting } from './setting.js';

/** Day of the last mail, by account. */
const sentKey = 'reminders.sent';
/** Hour of the day, UTC, before which nobody is reminded. */
const hour = 6;

export const area: Area = {
  name: 'reminders',
  routes() {},
  work: { 'reminders.send': async (_payload, services) => remind(services) },
  every: { 'reminders.send': 60 },
};

/** Sends what is to be sent today and was not yet; whom the mail server refuses is tried again in an hour. */
export async function remind(services: Services): Promise<void> {
  const { mail, settings, accounts, audit, store, log } = services;
  const now = services.now();
  if (!mail || now.getUTCHours() < hour) return;
  if (!(await settings.get(reminderSetting.key, reminderSetting.fallback))) return;
  const today = now.toISOString().slice(0, 10);
  for (const { active, ...user } of await accounts.list()) {
    if (!active || user.roles.length === 0) continue;
    const sent = await settings.get<Record<string, string>>(sentKey, {});
    if (sent[user.id] === today) continue;
    const { waiting } = await gathered(user, services);
    const counts = countsOf(waiting, now);
    if (counts.late + counts.today === 0) continue;
    try {
      await mail.send(user.email, subjectOf(counts), textOf(user, counts, mail));
    } catch (error) {
      // Its message may hold the address.
      log.error({ account: user.id, kind: (error as Error).name }, 'a reminder could not be sent');
      continue;
    }
    await store.transaction(async (db) => {
      await settings.set(db, sentKey, { ...sent, [user.id]: today });
      await audit.append(db, {
        actor: 'system',
        action: 'reminder.send',
        subject: `account:${user.id}`,
        detail: { ...counts },
      });
    });
  }
}

interface Counts {
  late: number;
  /** Due today, or harm that goes on now. */
  today: number;
  /** All that waits, those among them. */
  all: number;
}

function countsOf(waiting: readonly Waiting[], now: Date): Counts {
  const day = now.toISOString().slice(0, 10);
  const late = waiting.filter(({ due }) => due !== undefined && due < now.toISOString()).length;
  const pressing = waiting.filter(
    ({ due, rank }) =>
      (due === undefined || due >= now.toISOString()) && (rank === 0 || due?.slice(0, 10) === day),
  ).length;
  return { late, today: pressing, all: waiting.length };
}

const things = (count: number) => (count === 1 ? '1 thing' : `${count} things`);

function subjectOf({ late, today }: Counts): string {
  return late > 0
    ? `Rollcall: ${things(late)} ${late === 1 ? 'is' : 'are'} late`
    : `Rollcall: ${things(today)} ${today === 1 ? 'is' : 'are'} due today`;
}

function textOf(user: User, { late, today, all }: Counts, mail: Mail): string {
  return [
    `Hello ${user.name.replace(/\s+/g, ' ').trim()},`,
    '',
    `${things(all)} ${all === 1 ? 'waits' : 'wait'} for you in Rollcall: ${late} late, ${today} due today.`,
    'Whom and what it is about is shown once you have signed in:',
    '',
    `${mail.origin}/#/today`,
    '',
    'You get at most one such mail a day. An administrator can switch them off under Settings, Rules.',
    '',
  ].join('\n');
}
