/**
 * Takes over what is handed in. What is acknowledged is on disk: the records in the segment of their connector, and a line
 * in the journal, both synchronised; deliveries that come in meanwhile share the next synchronisation.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connector } from '@rollcall/engine/content/connector.js';
import type { Logger } from 'pino';
import { makeFolder, writeWhole } from '../files.js';
import { Refusal } from '../model/refusal.js';
import type { Aside, Haste, Intake, IntakeState, Queue, Receipt } from '../model/services.js';
import { cutOff } from './body.js';
import { type Arrival, type Entry, Generation, journalOf } from './generation.js';
import { cleanPath, unknownSource } from './names.js';
import { readRecords } from './read-records.js';

export interface IntakeOptions {
  /** The folder of the installation. */
  folder: string;
  connectors: readonly Connector[];
  queue: () => Queue;
  /** Asks for a scan; must wait for nothing. */
  ask: (reason: string, haste: Haste) => void;
  log: Logger;
  now: () => Date;
}

export interface OpenIntake extends Intake {
  /** Records from outside: refused while too much waits to be scanned. */
  deliver(source: string, ndjson: Uint8Array, key?: string): Promise<Receipt>;
  /** Takes over a file that lies in the same file system, by moving it. */
  takeFile(name: string, path: string): Promise<Receipt>;
  /** What of the watched folder was not taken, as `state` tells it. */
  tellAside(files: readonly Aside[]): void;
  /** Closes what is open, where there is anything in it; the generations to be scanned, the oldest first. */
  seal(): Promise<Generation[]>;
  /** A scan has read it, and what it led to is kept. */
  finish(generation: Generation): Promise<void>;
  limits: IntakeLimits;
  close(): Promise<void>;
}

export interface IntakeLimits {
  /** Bytes that may wait to be scanned before records from outside are put off. */
  backlog: number;
  /** Of one file. */
  file: number;
  /** Bytes of disk that must stay free. */
  free: number;
}

/** Code of the error for a file that changed while it was read. */
export const stillWritten = 'STILL_WRITTEN';

/** How long a repeated delivery is known for the same one, and of how many it is remembered. */
const remembered = { milliseconds: 48 * 3_600_000, deliveries: 200_000 };
const receiptsShown = 200;

export async function openIntake(options: IntakeOptions): Promise<OpenIntake> {
  const intake = new Intaking(options);
  await intake.open();
  return intake;
}

type Job =
  | { kind: 'arrival'; arrival: Arrival; done: (entry: Entry) => void; failed: (error: unknown) => void }
  | { kind: 'turn'; run: () => Promise<void>; failed: (error: unknown) => void };

class Intaking implements OpenIntake {
  readonly limits: IntakeLimits = { backlog: 1 << 30, file: 4 * 2 ** 30, free: 256 << 20 };
  private readonly place: string;
  private current!: Generation;
  /** Closed and not finished, the oldest first. */
  private closed: Generation[] = [];
  private waiting: Job[] = [];
  private working: Promise<void> | undefined;
  private wishing: Promise<void> = Promise.resolve();
  private stopped = false;
  /** Deliveries by connector and key. */
  private readonly known = new Map<string, { receipt: Receipt; sha256: string }>();
  private readonly under = new Map<string, { sha256: string; receipt: Promise<Receipt> }>();
  private readonly shown: (Receipt & { file?: string })[] = [];
  private aside: readonly Aside[] = [];
  private takenRecords = 0;
  private takenBytes = 0;
  private readonly byId: ReadonlyMap<string, Connector>;

  constructor(private readonly options: IntakeOptions) {
    this.place = join(options.folder, 'intake');
    this.byId = new Map(options.connectors.map((connector) => [connector.id, connector]));
  }

  async open(): Promise<void> {
    const { log, now } = this.options;
    await makeFolder(this.place);
    await rm(join(this.place, 'uploads'), { recursive: true, force: true });
    await makeFolder(join(this.place, 'uploads'));
    const numbers = (await readdir(this.place))
      .filter((name) => /^\d{6,}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
    for (const number of numbers) {
      const folder = join(this.place, String(number).padStart(6, '0'));
      if (existsSync(join(folder, 'done.json'))) {
        const since = (await stat(join(folder, 'done.json'))).mtimeMs;
        if (now().getTime() - since < remembered.milliseconds)
          for await (const entry of journalOf(folder)) this.remember(entry);
        continue;
      }
      const { generation, missing } = await Generation.recover(this.place, number, now());
      if (missing > 0)
        log.error({ batch: number, missing }, 'bytes of acknowledged records are missing on disk');
      for (const entry of generation.entries) this.remember(entry);
      this.closed.push(generation);
    }
    const last = this.closed.at(-1);
    if (last && last.number === numbers.at(-1)) {
      this.current = last;
      this.closed.pop();
    } else this.current = await Generation.make(this.place, (numbers.at(-1) ?? 0) + 1);
    if (this.closed.length > 0 || !this.current.empty || existsSync(this.wish))
      this.options.ask('start', 'now');
  }

  /** A wish for a scan outlives the process. */
  private get wish(): string {
    return join(this.place, 'scan-wanted');
  }

  async wake(reason: string): Promise<void> {
    // One after the other: all write the same file.
    this.wishing = this.wishing.catch(() => undefined).then(() => writeWhole(this.wish, `${reason}\n`));
    await this.wishing;
    this.options.ask(reason, 'now');
  }

  state(): IntakeState {
    const all = [...this.closed, this.current];
    const sum = (of: (generation: Generation) => number) => all.reduce((so, one) => so + of(one), 0);
    return {
      records: sum((one) => one.records),
      bytes: sum((one) => one.bytes),
      files: sum((one) => one.files),
      takenRecords: this.takenRecords,
      takenBytes: this.takenBytes,
      receipts: this.shown,
      aside: this.aside,
    };
  }

  tellAside(files: readonly Aside[]): void {
    this.aside = files;
  }

  async room(needed = 0): Promise<void> {
    const disk = await statfs(this.place).catch(() => undefined);
    if (disk && disk.bavail * disk.bsize < this.limits.free + needed) throw diskFull();
  }

  async deliver(source: string, ndjson: Uint8Array, key?: string): Promise<Receipt> {
    const state = this.state();
    // What was acknowledged before is acknowledged again: it adds nothing.
    const again = key === undefined ? undefined : this.known.get(`${source}\n${key}`);
    if (!again && state.bytes + ndjson.byteLength > this.limits.backlog)
      throw new Refusal(
        429,
        'BACKLOG_FULL',
        'more has come in than has been looked at; send it again a little later',
        { 'retry-after': '15' },
      );
    if (!again) await this.room();
    const receipt = await this.records(source, ndjson, key);
    if (!receipt.again) this.options.ask('records', 'soon');
    return receipt;
  }

  async records(source: string, ndjson: Uint8Array, key?: string): Promise<Receipt> {
    const connector = this.byId.get(source);
    if (!connector) throw unknownSource(source, [...this.byId.keys()]);
    const read = readRecords(ndjson, connector);
    const name = key === undefined ? undefined : `${source}\n${key}`;
    if (name !== undefined) {
      const before = this.known.get(name);
      if (before) return repeated(before.sha256, read.sha256, before.receipt);
      const under = this.under.get(name);
      if (under) return repeated(under.sha256, read.sha256, await under.receipt);
    }
    const receipt = this.add({
      entry: {
        id: randomUUID(),
        source,
        records: read.records,
        bytes: read.bytes,
        sha256: read.sha256,
        at: this.options.now().toISOString(),
        ...(key === undefined ? {} : { key }),
      },
      text: read.text,
      reading: read.reading,
    });
    if (name === undefined) return receipt;
    this.under.set(name, { sha256: read.sha256, receipt });
    try {
      return await receipt;
    } finally {
      this.under.delete(name);
    }
  }

  async recordsLater(
    db: Parameters<Intake['recordsLater']>[0],
    source: string,
    rows: readonly object[],
    key: string,
  ): Promise<void> {
    await this.options
      .queue()
      .add(
        db,
        'intake-records',
        { source, rows: [...rows], key },
        { key: `intake-records:${source}:${key}` },
      );
  }

  async file(name: string, content: AsyncIterable<Uint8Array>, announced = 0): Promise<Receipt> {
    const path = cleanPath(name);
    await this.room(Math.min(announced, this.limits.file));
    const part = join(this.place, 'uploads', `${randomUUID()}.part`);
    const hash = createHash('sha256');
    let size = 0;
    try {
      const file = await open(part, 'wx', 0o600);
      try {
        for await (const piece of content) {
          size += piece.byteLength;
          if (size > this.limits.file)
            throw new Refusal(
              413,
              'FILE_TOO_LARGE',
              `a file of more than ${Math.round(this.limits.file / 2 ** 20)} MB is not taken; split it`,
            );
          hash.update(piece);
          for (let done = 0; done < piece.byteLength; )
            done += (await file.write(piece, done, piece.byteLength - done)).bytesWritten;
        }
        await file.sync();
      } finally {
        await file.close();
      }
      if (size === 0) throw new Refusal(422, 'FILE_EMPTY', 'the file is empty');
      return await this.move(path, part, size, hash.digest('hex'));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull() : cutOff(error);
    } finally {
      await rm(part, { force: true });
    }
  }

  async takeFile(name: string, path: string): Promise<Receipt> {
    const before = await stat(path);
    if (before.dev !== (await stat(this.place)).dev)
      throw Object.assign(new Error('on another file system'), { code: 'EXDEV' });
    const hash = createHash('sha256');
    const file = await open(path, 'r');
    let size = 0;
    try {
      for await (const piece of file.createReadStream({ autoClose: false })) {
        hash.update(piece as Buffer);
        size += (piece as Buffer).length;
      }
      await file.sync();
      const after = await file.stat();
      if (after.size !== size || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
        throw Object.assign(new Error('it is still being written'), { code: stillWritten });
    } finally {
      await file.close();
    }
    return this.move(cleanPath(name), path, size, hash.digest('hex'));
  }

  private async move(file: string, from: string, size: number, sha256: string): Promise<Receipt> {
    // The same file, not yet scanned, is not read twice over.
    const before = [...this.closed, this.current]
      .flatMap((generation) => generation.entries)
      .find((entry) => entry.file === file && entry.sha256 === sha256);
    if (before) {
      await rm(from, { force: true });
      return { ...receiptOf(before), again: true };
    }
    const receipt = await this.add({
      entry: {
        id: randomUUID(),
        source: 'file',
        records: 0,
        bytes: size,
        sha256,
        at: this.options.now().toISOString(),
        file,
      },
      from,
      size,
    });
    this.options.ask('file', 'quiet');
    return receipt;
  }

  private add(arrival: Arrival): Promise<Receipt> {
    return new Promise<Receipt>((resolve, reject) => {
      if (this.stopped) return reject(stopping());
      this.waiting.push({
        kind: 'arrival',
        arrival,
        done: (entry) => resolve(this.remember(entry, true)),
        failed: reject,
      });
      this.work();
    });
  }

  /** In its turn: after what was handed in before. */
  private turn<T>(run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ kind: 'turn', run: async () => resolve(await run()), failed: reject });
      this.work();
    });
  }

  private work(): void {
    this.working ??= this.drain().finally(() => {
      this.working = undefined;
      if (this.waiting.length > 0) this.work();
    });
  }

  private async drain(): Promise<void> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (next.kind === 'turn') {
        this.waiting.shift();
        await next.run().catch(next.failed);
        continue;
      }
      const until = this.waiting.findIndex((job) => job.kind === 'turn');
      const group = this.waiting.splice(0, Math.min(until < 0 ? this.waiting.length : until, 256));
      await this.takeOver(group as Extract<Job, { kind: 'arrival' }>[]);
    }
  }

  private async takeOver(group: Extract<Job, { kind: 'arrival' }>[]): Promise<void> {
    let entries: Entry[];
    try {
      entries = await this.current.add(group.map((job) => job.arrival));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      this.options.log.error({ kind: code ?? 'unknown' }, 'deliveries could not be written');
      for (const job of group)
        job.failed(
          new Refusal(
            503,
            code === 'ENOSPC' ? 'DISK_FULL' : 'NOT_WRITTEN',
            'this could not be written to the disk of the server; nothing of it was taken',
          ),
        );
      return;
    }
    for (const [index, job] of group.entries()) job.done(entries[index] as Entry);
  }

  private remember(entry: Entry, fresh = false): Receipt {
    const receipt = receiptOf(entry);
    this.shown.unshift({ ...receipt, ...(entry.file === undefined ? {} : { file: entry.file }) });
    if (this.shown.length > receiptsShown) this.shown.length = receiptsShown;
    if (entry.key !== undefined) {
      this.known.set(`${entry.source}\n${entry.key}`, { receipt, sha256: entry.sha256 });
      if (this.known.size > remembered.deliveries)
        for (const oldest of this.known.keys()) {
          this.known.delete(oldest);
          break;
        }
    }
    if (fresh) {
      this.takenRecords += entry.records;
      this.takenBytes += entry.bytes;
    }
    return receipt;
  }

  async seal(): Promise<Generation[]> {
    await this.turn(async () => {
      await rm(this.wish, { force: true });
      if (this.current.empty) return;
      const next = await Generation.make(this.place, this.current.number + 1);
      await this.current.close();
      this.closed.push(this.current);
      this.current = next;
    });
    for (const generation of this.closed) await generation.describe();
    return [...this.closed];
  }

  async finish(generation: Generation): Promise<void> {
    this.closed = this.closed.filter((one) => one !== generation);
  }

  async close(): Promise<void> {
    this.stopped = true;
    await this.turn(() => this.current.close());
    await this.working;
  }
}

/** A key that was used for other records is a mistake of the sender, and is told. */
function repeated(before: string, now: string, receipt: Receipt): Receipt {
  if (before !== now)
    throw new Refusal(
      422,
      'KEY_REUSED',
      'other records were sent with this Idempotency-Key before; give each delivery a key of its own',
    );
  return { ...receipt, again: true };
}

function receiptOf(entry: Entry): Receipt {
  return {
    id: entry.id,
    source: entry.source,
    records: entry.records,
    bytes: entry.bytes,
    sha256: entry.sha256,
    receivedAt: entry.at,
    again: false,
  };
}

const diskFull = () =>
  new Refusal(
    503,
    'DISK_FULL',
    'the disk of the server is nearly full; nothing of this was taken. Make room there, then hand it in again',
  );

const stopping = () => new Refusal(503, 'STOPPING', 'the server is stopping; send it again in a minute');
