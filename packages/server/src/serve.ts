/** Makes the server of one folder, from its parts, and takes it down again in good order. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { loadContent, loadPolicy, RollcallError } from '@rollcall/engine';
import { loadForPeople } from '@rollcall/engine/content/for-people.js';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import { type Access, makeAccess } from './access/access.js';
import { makeSight } from './access/sight.js';
import { knowing } from './access/veil/known.js';
import { assemble } from './app.js';
import { ownDetections } from './areas/detections/drafts.js';
import { areas } from './areas/index.js';
import { preparing } from './areas/people/select.js';
import { makeAudit } from './audit/audit.js';
import { makeFolder } from './files.js';
import { openIntake } from './intake/intake.js';
import { watchFolder } from './intake/watch.js';
import { openKeys } from './keys.js';
import { makeLive } from './live.js';
import { makeLog, watchRequests } from './logging.js';
import { makeMachine } from './machine.js';
import { mailOf } from './mail.js';
import { Refusal } from './model/refusal.js';
import type { Services } from './model/services.js';
import { openResults } from './results/results.js';
import { noteAddress } from './security.js';
import { makeSettings } from './settings.js';
import { serveConsole } from './static.js';
import { openStore, takeFolder } from './store/open.js';
import { makeQueue } from './work/queue.js';
import { makeScans } from './work/scan.js';

export interface ServeOptions {
  folder: string;
  /** 0: any that is free. */
  port: number;
  host?: string;
  /** PostgreSQL instead of the database in the folder. */
  databaseUrl?: string;
  /** As browsers know it, where that is not where it listens: `https://rollcall.example.com`. */
  origin?: string;
  /** A policy file. */
  policy?: string;
  /** Another content folder. */
  content?: string;
  /** Addresses of reverse proxies whose word on where a request comes from is taken. */
  proxies?: readonly string[];
  now?: () => Date;
  log?: Logger;
  /** Another process has the folder or the database now: this one must end at once. */
  lost?: (error: Error) => void;
  /** For the database of scans, such as 4GB. */
  memory?: string;
  threads?: number;
}

export interface RunningServer {
  url: string;
  /** Makes the first administrator; absent where there is one. */
  setupLink?: string;
  services: Services;
  access: Access;
  stop(): Promise<void>;
}

/**
 * Bytes of a request, of all routes that do not take files or deliveries. It is held in memory before anybody knows who
 * sends it, so it is no more than any form needs.
 */
const mostBody = 2 << 20;
/** These take a stream, know who sends it before they read, and count as it comes in. */
const countForThemselves =
  /^\/api\/(?:sources\/files$|intake\/|cases\/[^/]+\/files\/|applicants\/check$|fairness\/groups$)/;
/** Milliseconds: to send the whole of a request, its headers, and anything at all. */
const patience = { request: 2 * 3_600_000, headers: 20_000, silence: 120_000, stopping: 10_000 };

export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const takeDown = async () => {
    for (const step of undo.reverse()) await step();
    undo.length = 0;
  };
  try {
    return await build(options, undo, takeDown);
  } catch (error) {
    await takeDown();
    throw error;
  }
}

async function build(
  options: ServeOptions,
  undo: (() => Promise<unknown> | unknown)[],
  takeDown: () => Promise<void>,
): Promise<RunningServer> {
  const { folder, host = '127.0.0.1' } = options;
  const log = options.log ?? makeLog();
  const now = options.now ?? (() => new Date());
  await makeFolder(folder);
  const lost = (error: Error) => {
    log.fatal({ kind: 'FOLDER_TAKEN' }, 'another process works in this folder; this one ends');
    if (options.lost) options.lost(error);
    else process.exit(2);
  };
  const taken = await takeFolder(folder, lost);
  undo.push(() => taken.release());
  const keys = await openKeys(folder);
  const store = await openStore({
    folder,
    lost,
    ...(options.databaseUrl ? { databaseUrl: options.databaseUrl } : {}),
  });
  undo.push(() => store.close());
  const own = ownDetections(folder);
  const readContent = () => loadContent(options.content, { withoutTests: true, own });
  let content = await readContent();
  await loadForPeople(content);
  let contentOf = await marksOf(own);
  const policy = async () => {
    const read = await loadPolicy(options.policy);
    // The company's own rows of reference data, where the policy names no other place.
    const directory = join(folder, 'facts-own');
    if (read.facts.directory === undefined && existsSync(directory)) read.facts.directory = directory;
    return read;
  };
  await policy();

  const http = createServer({ requestTimeout: patience.request, headersTimeout: patience.headers });
  http.timeout = patience.silence;
  const port = await listening(http, options.port, host);
  undo.push(() => closed(http));
  // Browsers give no passkeys to a number, and localhost is the same machine.
  const name = host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `http://${name}:${port}`;
  const origin = new URL(options.origin ?? url).origin;
  const mail = mailOf(process.env, origin);

  const live = makeLive();
  const audit = makeAudit(now);
  const settings = makeSettings(store);
  const machine = makeMachine();
  undo.push(() => machine.streams.close());
  const results = await openResults(join(folder, 'results'), keys, live, (snapshot) => [
    preparing(snapshot),
    knowing(snapshot),
  ]);
  undo.push(() => results.close());
  const access = makeAccess({ store, keys, settings, audit, live, log, now, folder, origin });

  const parts = {
    folder,
    lake: join(folder, 'lake'),
    content,
    policy,
    store,
    audit,
    keys,
    results,
    live,
    settings,
    machine,
    accounts: access.accounts,
    ...(mail ? { mail } : {}),
    log,
    now,
  };
  // Some are made from others: they are put in below, before anything asks for them.
  const services = parts as typeof parts & Services;
  services.sight = makeSight(services);
  const queue = makeQueue(services, areas);
  services.queue = queue.queue;
  const scans = makeScans({
    ...services,
    content: content.folder,
    own,
    before: async () => {
      const marks = await marksOf(own);
      if (marks === contentOf) return;
      contentOf = marks;
      content = await readContent();
      services.content = content;
    },
    ...(options.policy ? { policyFile: options.policy } : {}),
    policy: () => services.policy(),
    results,
    queue: () => services.queue,
    intake: () => intake,
    ...(options.memory ? { memory: options.memory } : {}),
    ...(options.threads ? { threads: options.threads } : {}),
    onScan: machine.metrics.scan,
  });
  services.scans = scans;
  const intake = await openIntake({
    folder,
    connectors: content.connectors,
    queue: () => services.queue,
    ask: scans.ask,
    log,
    now,
  });
  services.intake = intake;
  undo.push(() => intake.close());
  const readLimits = async () => {
    intake.limits.backlog = await settings.get('intake.backlog-bytes', 2 ** 30);
    intake.limits.file = await settings.get('sources.largest-file', 4 * 2 ** 30);
  };
  await readLimits();
  const limits = setInterval(() => void readLimits().catch(() => undefined), 10_000);
  undo.push(() => clearInterval(limits));

  const console = await serveConsole(origin);
  const { app } = assemble(services, access.intake, origin, (made) => {
    made.use('*', watchRequests(log, machine.metrics));
    made.use('*', console);
    const limited = bodyLimit({
      maxSize: mostBody,
      onError: () => {
        throw new Refusal(413, 'TOO_LARGE', `at most ${mostBody >> 20} MB can be sent here`);
      },
    });
    made.use('/api/*', (context, next) =>
      countForThemselves.test(context.req.path) ? next() : limited(context, next),
    );
    made.all('/api/auth/*', (context) => access.handle(context.req.raw));
  });
  machine.metrics.watch(async () => {
    const state = intake.state();
    const work = await queue.stats();
    const clock = performance.now();
    await settings.get('nothing', null);
    const current = results.current();
    return {
      rollcall_store_seconds: (performance.now() - clock) / 1000,
      rollcall_intake_waiting_records: state.records,
      rollcall_intake_waiting_bytes: state.bytes,
      rollcall_intake_waiting_files: state.files,
      rollcall_intake_taken_records: state.takenRecords,
      rollcall_intake_taken_bytes: state.takenBytes,
      rollcall_queue_waiting: work.waiting,
      rollcall_queue_running: work.running,
      rollcall_queue_failed: work.failed,
      rollcall_live_streams: machine.streams.count(),
      rollcall_people: current?.people.length ?? 0,
      ...(current
        ? { rollcall_result_age_seconds: (now().getTime() - Date.parse(current.finishedAt)) / 1000 }
        : {}),
    };
  });

  const listener = getRequestListener((request, { incoming }) => {
    const headers = new Headers(request.headers);
    noteAddress(headers, incoming.socket.remoteAddress, options.proxies);
    return app.fetch(new Request(request, { headers }));
  });
  for (const area of areas) {
    const stop = await area.start?.(services);
    if (stop) undo.push(stop);
  }
  await queue.start();
  undo.push(() => queue.stop());
  undo.push(() => scans.stop());
  undo.push(await watchFolder({ folder, intake, log }));
  http.on('request', listener);
  const setupLink = await access.setupLink();
  log.info({ store: store.kind, port }, 'Rollcall is up');
  return {
    url: origin,
    ...(setupLink ? { setupLink } : {}),
    services,
    access,
    stop: async () => {
      machine.stopping = true;
      machine.streams.close();
      await closed(http);
      await takeDown();
      log.info('Rollcall has stopped');
    },
  };
}

/** Changes when a detection of the company's own is added, changed or taken away. */
async function marksOf(own: string): Promise<string> {
  const marks: string[] = [];
  for (const entry of await readdir(own, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs, size } = await stat(path);
    marks.push(`${path} ${mtimeMs} ${size}`);
  }
  return marks.sort().join('\n');
}

function listening(http: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new RollcallError(
              'ARGUMENT_INVALID',
              `port ${port} of ${host} is in use; give another with --port`,
            )
          : error,
      ),
    );
    http.listen(port, host, () => {
      const address = http.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Lets what is under way end, for a while. */
function closed(http: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => http.closeAllConnections(), patience.stopping);
    http.close(() => {
      clearTimeout(timer);
      resolve();
    });
    http.closeIdleConnections();
  });
}
