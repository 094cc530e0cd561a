/** The process that removes people, and what is too old, from the lake: it may take memory, and may be killed and begun again. */
import { type ForgetOptions, type Forgotten, forget } from '@rollcall/engine/forget/forget.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';

export type ForgetOrder = Omit<ForgetOptions, 'now'> & { now: string };

export type ForgetNews = { kind: 'done'; told: Forgotten } | { kind: 'failed'; code: string };

process.on('disconnect', () => process.exit(1));
process.once('message', ({ now, ...order }: ForgetOrder) => {
  const say = (news: ForgetNews) => {
    if (process.connected) process.send?.(news, () => process.disconnect?.());
  };
  forget({ ...order, now: new Date(now) })
    .then((told) => say({ kind: 'done', told }))
    .catch((error: unknown) =>
      // A message might name somebody; codes do not.
      say({
        kind: 'failed',
        code: error instanceof RollcallError ? error.code : error instanceof Error ? error.name : 'unknown',
      }),
    );
});
