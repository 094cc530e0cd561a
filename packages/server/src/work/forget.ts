/** Removing from the lake, in a process of its own and while no scan runs. */
import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Forgotten } from '@rollcall/engine/forget/forget.js';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import type { Services } from '../model/services.js';
import type { ForgetNews, ForgetOrder } from './forget-process.js';

/** Built code in both cases: a process cannot be started from a test's own source. */
const program = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/work/forget-process.js' : './forget-process.js',
    import.meta.url,
  ),
);

export function forgetInLake(
  services: Pick<Services, 'scans' | 'lake' | 'now'>,
  order: Omit<ForgetOrder, 'lake' | 'now' | 'scanFollows'>,
): Promise<Forgotten> {
  return services.scans.alone(
    () =>
      new Promise<Forgotten>((resolve, reject) => {
        const { PATH, HOME, TMPDIR, TZ, LANG } = process.env;
        const own = fork(program, [], {
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
          execArgv: [],
          env: Object.fromEntries(
            Object.entries({ PATH, HOME, TMPDIR, TZ, LANG }).filter(([, value]) => value),
          ),
        });
        let news: ForgetNews | undefined;
        own.on('message', (message: ForgetNews) => {
          news = message;
        });
        const over = () => {
          if (news?.kind === 'done') resolve(news.told);
          else
            reject(new RollcallError((news?.code ?? 'LAKE_LOCKED') as 'LAKE_LOCKED', 'nothing was removed'));
        };
        own.on('exit', over);
        own.on('error', over);
        try {
          // People who look at pages come first.
          if (own.pid !== undefined) setPriority(own.pid, 10);
        } catch {
          // It has ended already, or may not be changed.
        }
        own.send(
          { ...order, scanFollows: true, lake: services.lake, now: services.now().toISOString() },
          (error) => {
            if (error) own.kill('SIGKILL');
          },
        );
      }),
  );
}
