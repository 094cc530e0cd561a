/** The list of what is to be closed for one person, from what they could reach. Commands are for people to copy. */
import { createHash } from 'node:crypto';
import { type Containment, containmentPhases } from '@rollcall/engine/content/playbooks.js';
import type { Reach } from './reach.js';
import { filled, inAddress } from './shell.js';
import type { PlanItem, PlanView } from './words.js';

/** A serial that could be more than one in a query is not put into any. */
const serialLike = /^[A-Za-z0-9][A-Za-z0-9 ._/-]{2,63}$/;

export function stage(products: readonly Containment[], reach: Reach, since: string): PlanItem[] {
  const items: PlanItem[] = [];
  /** Devices that some product manages: those need no hand. */
  const managed = new Set<string>();
  for (const product of products) {
    const always = product.sources.includes('*');
    const accounts = [
      ...new Set(
        reach.accounts.filter(({ source }) => product.sources.includes(source)).map(({ account }) => account),
      ),
    ].sort();
    const devices = reach.devices.filter(({ sources }) =>
      sources.some((one) => product.sources.includes(one)),
    );
    for (const action of product.actions) {
      const make = (about: string, values: Record<string, string> | undefined) => {
        const command =
          action.command === undefined || values === undefined
            ? undefined
            : filled(action.command, { ...values, since });
        items.push({
          id: createHash('sha256')
            .update(JSON.stringify([product.id, action.id, about]))
            .digest('hex')
            .slice(0, 12),
          phase: action.phase,
          product: product.title,
          title: action.title,
          about,
          does: action.does,
          undo: action.undo,
          needs: action.needs,
          ...(command === undefined ? {} : { command }),
          ...(action.by_hand === undefined
            ? action.command !== undefined && command === undefined
              ? {
                  byHand:
                    'This name or serial holds characters that no command can take safely. Do it by hand.',
                }
              : {}
            : { byHand: action.by_hand }),
          ...(action.docs === undefined ? {} : { docs: action.docs }),
          warns: action.warns,
          ...(action.checked === undefined ? {} : { checked: action.checked }),
        });
      };
      if (action.for === 'once') make('', {});
      else if (action.for === 'account')
        for (const account of accounts) make(account, { account, account_url: inAddress(account) });
      else
        for (const device of always ? reach.devices.filter((one) => !managed.has(one.label)) : devices) {
          if (!always && action.command !== undefined && action.phase === 'at-once')
            managed.add(device.label);
          make(
            device.label || 'a device without a serial',
            serialLike.test(device.serial)
              ? { serial: device.serial, serial_url: inAddress(device.serial), hostname: device.hostname }
              : undefined,
          );
        }
    }
  }
  const rank = (item: PlanItem) => containmentPhases.indexOf(item.phase);
  return items
    .map((item, i) => ({ item, i }))
    .sort((a, b) => rank(a.item) - rank(b.item) || a.i - b.i)
    .map(({ item }) => item);
}

/** Settings the commands of these lines name. */
export function setupOf(products: readonly Containment[], items: readonly PlanItem[]): PlanView['setup'] {
  return products
    .flatMap(({ setup }) => setup)
    .filter(({ name }) => items.some((item) => item.command?.includes(`$${name}`)));
}

export interface Mark {
  item: string;
  state: 'done' | 'not needed' | 'open';
  at: Date;
}

/** How long “at once” took, as a sentence. */
export function windowOf(
  items: readonly Pick<PlanItem, 'id' | 'phase'>[],
  marks: readonly Mark[],
): { says: string; open: number } {
  const latest = new Map(marks.map((mark) => [mark.item, mark]));
  const closed = (id: string) => (latest.get(id)?.state ?? 'open') !== 'open';
  const open = items.filter(({ id }) => !closed(id)).length;
  const once = items.filter(({ phase }) => phase === 'at-once');
  const times = once
    .map(({ id }) => latest.get(id))
    .filter((mark) => mark?.state === 'done')
    .map((mark) => (mark as Mark).at.getTime());
  const left = once.filter(({ id }) => !closed(id)).length;
  if (once.length === 0) return { says: 'Nothing on this list is to be done at once.', open };
  if (times.length === 0)
    return {
      says:
        left === 0
          ? `None of the ${once.length} lines of “at once” was needed.`
          : `None of the ${once.length} lines of “at once” is done yet.`,
      open,
    };
  const from = new Date(Math.min(...times));
  const to = new Date(Math.max(...times));
  const minutes = Math.ceil((to.getTime() - from.getTime()) / 60_000);
  const took = minutes === 0 ? 'within a minute' : `within ${minutes} minute${minutes === 1 ? '' : 's'}`;
  const when = `from ${clock(from)} to ${clock(to)}`;
  return {
    says:
      left === 0
        ? `Everything that was to be done at once was done ${took}, ${when}.`
        : `${times.length} of ${once.length} lines of “at once” are done, ${when}; ${left} ${left === 1 ? 'is' : 'are'} open.`,
    open,
  };
}

const clock = (time: Date) => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
