// One scan, as the server's own process of a scan does it: with how long it took and the most memory it held.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadContent, loadPolicy } from '../../packages/engine/dist/index.js';
import { usageOf } from './processes.mjs';

const program = fileURLToPath(new URL('../../packages/server/dist/work/scan-process.js', import.meta.url));

/** Reads `batch` (a folder with a folder `data`) into the lake, where given; writes the results beside it. */
export async function scanOnce({ folder, batch, number, memory, threads, say = () => undefined }) {
  const content = await loadContent(undefined, { withoutTests: true });
  const order = {
    lake: `${folder}/lake`,
    results: `${folder}/results`,
    content: content.folder,
    policy: await loadPolicy(undefined),
    batches: batch ? [{ folder: batch, bytes: 0 }] : [],
    number,
    memory,
    threads,
    now: new Date().toISOString(),
  };
  const clock = performance.now();
  const child = fork(program, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let peakMiB = 0;
  let cpu = 0;
  const timer = setInterval(() => {
    const usage = usageOf(child.pid);
    peakMiB = Math.max(peakMiB, usage.peakMiB);
    cpu = Math.max(cpu, usage.cpu);
  }, 500);
  let step = '';
  const steps = [];
  const news = await new Promise((done) => {
    let told;
    child.on('message', (message) => {
      if (message.kind === 'done' || message.kind === 'failed') told = message;
      else if (message.kind === 'progress' && message.step !== step) {
        step = message.step;
        const seconds = Math.round((performance.now() - clock) / 100) / 10;
        steps.push([seconds, step]);
        say(
          `${String(seconds).padStart(7)} s  ${String(usageOf(child.pid).rssMiB).padStart(5)} MiB  ${step}`,
        );
      }
    });
    child.on('exit', (code, signal) => done(told ?? { kind: 'failed', code: signal ?? code }));
    child.send(order);
  });
  clearInterval(timer);
  const seconds = Math.round((performance.now() - clock) / 1000);
  if (news.kind !== 'done') throw new Error(`the scan failed: ${news.code} ${news.message ?? ''}`);
  return { seconds, peakMiB, cpuSeconds: Math.round(cpu), steps };
}
