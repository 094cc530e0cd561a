// Processes of the bench: started in groups of their own, looked at through /proc, ended by their number.
import { spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second: what Linux gives, on every machine this runs on. */
const ticks = 100;

export function start(
  script,
  given,
  logTo,
  flags = [],
  { program = process.execPath, env = process.env } = {},
) {
  const log = openSync(logTo, 'a');
  const child = spawn(program, [...flags, script, JSON.stringify(given)], {
    detached: true,
    env,
    stdio: ['ignore', log, log, 'ipc'],
  });
  // A server that is busy answers several questions late.
  child.setMaxListeners(0);
  const ended = new Promise((done) => child.once('exit', (code, signal) => done(signal ?? code)));
  /** The first message of a kind; fails if the process ends before. */
  const heard = (kind) =>
    new Promise((done, failed) => {
      const listen = (message) => {
        if (message.kind === kind) {
          child.off('message', listen);
          done(message);
        }
      };
      child.on('message', listen);
      void ended.then((how) => failed(new Error(`${script} ended with ${how}; ${logTo} says why`)));
    });
  return {
    child,
    pid: child.pid,
    ended,
    heard,
    ask: (kind, about = {}) => {
      const answer = heard(kind);
      child.send({ kind, ...about });
      return answer;
    },
  };
}

/** Ends a group at once, with whatever it has started. */
export function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Seconds of processor so far, and the most memory ever held, in MiB. */
export function usageOf(pid) {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const peak = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`));
  const now = /VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`));
  return {
    cpu: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticks,
    peakMiB: Math.round(Number(peak?.[1] ?? 0) / 1024),
    rssMiB: Math.round(Number(now?.[1] ?? 0) / 1024),
  };
}

/** Looks at a process and its children twice a second; what is told is of the time since. */
export function watch(pid) {
  const begun = usageOf(pid);
  const clock = performance.now();
  let most = begun.rssMiB;
  let childMost = 0;
  const childCpu = new Map();
  const firstSeen = new Map();
  const look = () => {
    most = Math.max(most, usageOf(pid).rssMiB);
    for (const child of childrenOf(pid)) {
      const usage = usageOf(child);
      childMost = Math.max(childMost, usage.rssMiB);
      if (!firstSeen.has(child)) firstSeen.set(child, usage.cpu);
      childCpu.set(child, usage.cpu - firstSeen.get(child));
    }
  };
  look();
  const timer = setInterval(look, 500);
  return () => {
    clearInterval(timer);
    look();
    const seconds = (performance.now() - clock) / 1000;
    const share = (cpu) => Math.round((cpu / seconds) * 100);
    return {
      rssMiB: most,
      scanRssMiB: childMost,
      cpuPercent: share(usageOf(pid).cpu - begun.cpu),
      scanCpuPercent: share([...childCpu.values()].reduce((sum, one) => sum + one, 0)),
    };
  };
}

export const loadAverage = () => read('/proc/loadavg').split(' ').slice(0, 3).join(' ');
