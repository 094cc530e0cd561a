// The server of one folder, as `rollcall serve` starts it; with accounts, a token, and scans that can be held back.
import { makeToken } from '../../packages/server/dist/access/tokens.js';
import { startServer } from '../../packages/server/dist/serve.js';
import { auditHead, work } from '../../packages/server/dist/store/schema.js';

const { password, people = true, hold = false, ...options } = JSON.parse(process.argv[2]);
const server = await startServer({
  ...options,
  lost: (error) => {
    throw error;
  },
});
const { services, access } = server;
if ((await services.accounts.list()).length === 0 && people) {
  for (const role of ['analyst', 'hr', 'counsel', 'it'])
    await access.createAccount({
      email: `${role}@example.com`,
      name: `Bench ${role}`,
      roles: [role],
      password,
    });
  await services.store.transaction((db) => services.settings.set(db, 'access.second-factor', false));
}
const { token } = await services.store.transaction((db) =>
  makeToken(db, { title: 'bench', sources: [], days: 1, by: 'bench', now: new Date() }),
);
const { run } = services.scans;
const held = async () => undefined;
if (hold) {
  services.scans.run = held;
  // What comes in while scans are held back waits longer than it would.
  await services.store.transaction((db) => services.settings.set(db, 'intake.backlog-bytes', 16 * 2 ** 30));
}
const aboutPeople = () => {
  const rows = services.results.current()?.people ?? [];
  const bands = {};
  for (const { band } of rows) bands[band] = (bands[band] ?? 0) + 1;
  return {
    everybody: rows.length,
    all: rows.slice(0, 5000).map((row) => row.handle),
    found: rows.filter((row) => row.signals > 0).map((row) => row.handle),
    bands,
  };
};
process.on('disconnect', () => process.exit(1));
process.on('message', async ({ kind, on, person }) => {
  if (kind === 'hold') {
    services.scans.run = on ? held : run;
    if (!on) await services.intake.wake('bench');
    process.send({ kind });
  }
  if (kind === 'people') process.send({ kind, ...aboutPeople() });
  if (kind === 'ids')
    process.send({
      kind,
      employed: (services.results.current()?.people ?? [])
        .filter((row) => row.stage === 'employed' && row.signals === 0)
        .map((row) => row.id),
    });
  if (kind === 'signals')
    process.send({ kind, signals: services.results.current()?.row(person)?.signals ?? 0 });
  if (kind === 'state')
    process.send({
      kind,
      scans: services.scans.state(),
      waiting: { ...services.intake.state(), receipts: [] },
    });
  if (kind === 'work') {
    const rows = await services.store.db.select({ state: work.state, at: work.at }).from(work);
    process.send({
      kind,
      busy: rows.filter((row) => row.state === 'running' || row.at <= new Date()).length,
    });
  }
  if (kind === 'audit') {
    const [head] = await services.store.db.select({ number: auditHead.number }).from(auditHead);
    process.send({ kind, entries: head?.number ?? 0 });
  }
  if (kind === 'stop') {
    await server.stop();
    process.exit(0);
  }
});
process.send({ kind: 'ready', url: server.url, token });
