/** Pieces of evidence: findings as frozen, files by their hash, notes, outcomes of checks. */
import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from '@hono/zod-openapi';
import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Context } from 'hono';
import type { Router } from '../../api/router.js';
import { canonical } from '../../audit/audit.js';
import { makeFolder, moveInto } from '../../files.js';
import { notFound, Refusal } from '../../model/refusal.js';
import type { User } from '../../model/roles.js';
import type { Services } from '../../model/services.js';
import { audit, caseFrozen, caseItems, checks } from '../../store/schema.js';
import type { Db } from '../../store/store.js';
import { change, changed, done, ofCase, pieceOf } from './common.js';
import { type FindingData, frozenSignal, intact, sha256 } from './freeze.js';
import { caseFor } from './members.js';
import { namesFor, oneOf } from './names.js';
import { happened, held, peopleOf, sourcesOf } from './scope.js';
import * as words from './words.js';

export const largestFile = 50 * 1024 * 1024;

/** Where files lie: by the hash of what is in them, so that no name of theirs ever is a path. */
export const filesFolder = (services: Services) => join(services.folder, 'files');

export function evidenceRoutes(router: Router): void {
  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/items',
      summary: 'Add a note, an event or the outcome of a check as evidence',
      audit: 'case.evidence-add',
      params: ofCase,
      body: words.itemBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const people = await peopleOf(db, row.id);
      const person = body.person ? oneOf(services, people, body.person) : null;
      if (body.check) {
        const [check] = await db
          .select({ person: checks.person })
          .from(checks)
          .where(
            and(
              eq(checks.id, body.check),
              inArray(checks.person, people.length > 0 ? people : ['']),
              // A check of another case is its members' business.
              or(isNull(checks.case), eq(checks.case, row.id)),
            ),
          );
        if (!check) throw notFound('the check of a person of this case');
      }
      const id = randomUUID();
      const data = body.check ? { check: body.check } : {};
      const hash = sha256(canonical({ kind: body.kind, says: body.says, ...data }));
      await db.insert(caseItems).values({
        id,
        case: row.id,
        person,
        kind: body.kind,
        says: body.says,
        data,
        sha256: hash,
        state: 'held',
        by: user.id,
        at: services.now(),
      });
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'evidence.added',
        says: body.says,
        ...(person ? { person } : {}),
      });
      note(`case:${row.id}`, { item: id, kind: body.kind, sha256: hash });
      changed(services, row.id);
      return { id };
    },
  );

  router.add(
    {
      ...change,
      method: 'post',
      path: '/cases/{case}/files',
      summary: 'Announce a file; its content follows',
      audit: 'case.file-announce',
      params: ofCase,
      body: words.fileBody,
      answer: words.idSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const person = body.person ? oneOf(services, await peopleOf(db, row.id), body.person) : null;
      const id = randomUUID();
      await db.insert(caseItems).values({
        id,
        case: row.id,
        person,
        kind: 'file',
        says: fileName(body.name),
        data: {},
        sha256: '',
        state: 'awaited',
        by: user.id,
        at: services.now(),
      });
      note(`case:${row.id}`, { item: id });
      return { id };
    },
  );

  router.add(
    {
      ...change,
      method: 'put',
      path: '/cases/{case}/files/{item}',
      summary: 'Hand in the content of a file, up to 50 MB, as it is',
      audit: 'case.file-add',
      params: ofCase.extend({ item: z.string() }),
      before: takeFile,
    },
    async ({ params, user, db, note, taken }, services) => {
      const { row } = await caseFor(db, user, params.case);
      const item = await pieceOf(db, row, caseItems, params.item, 'the file');
      const file = taken as TakenFile;
      if (item.state !== 'awaited' || item.by !== user.id)
        throw new Refusal(409, 'FILE_THERE', 'this file has its content; evidence is not overwritten');
      await db
        .update(caseItems)
        .set({ state: 'held', sha256: file.sha256, data: { bytes: file.bytes } })
        .where(eq(caseItems.id, item.id));
      await happened(db, {
        case: row.id,
        by: user.id,
        at: services.now(),
        kind: 'file.added',
        says: `File “${item.says}” (SHA-256 ${file.sha256.slice(0, 12)}…)`,
        ...(item.person ? { person: item.person } : {}),
      });
      note(`case:${row.id}`, { item: item.id, ...file });
      changed(services, row.id);
      return done;
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/files/{item}',
      summary: 'Take a file out of a case',
      permission: 'cases.view',
      needs: 'case',
      audit: 'case.file-view',
      params: ofCase.extend({ item: z.string() }),
    },
    async ({ params, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: anyState });
      const item = await pieceOf(db, row, caseItems, params.item, 'the file');
      if (item.kind !== 'file' || item.state !== 'held') throw notFound('the file');
      const bytes = await readFile(join(filesFolder(services), item.sha256)).catch(() => undefined);
      if (!bytes || sha256(bytes) !== item.sha256)
        throw new Refusal(
          409,
          'EVIDENCE_CHANGED',
          'what is on disk is not what was handed in; restore it from a backup',
        );
      note(`case:${row.id}`, { item: item.id, sha256: item.sha256 });
      return new Response(new Uint8Array(bytes), {
        headers: {
          // What somebody handed in is never shown by the browser, whatever it says it is.
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename="file"; filename*=UTF-8''${encodeURIComponent(item.says).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'no-store',
        },
      });
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/items/{item}',
      summary: 'A frozen finding with the rows behind it',
      permission: 'cases.view',
      needs: 'case',
      audit: 'case.evidence-view',
      params: ofCase.extend({ item: z.string() }),
      answer: words.evidenceSchema,
    },
    async ({ params, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: anyState });
      const item = await pieceOf(db, row, caseItems, params.item, 'the finding');
      if (item.kind !== 'finding' || !item.person) throw notFound('the finding');
      const [frozen] = await db
        .select()
        .from(caseFrozen)
        .where(eq(caseFrozen.id, (item.data as FindingData).frozen));
      const signal = frozen ? frozenSignal(frozen, item) : undefined;
      const named = await namesFor(user, services);
      note(`person:${services.keys.handle(item.person)}`, { case: row.id, item: item.id });
      const about = [item.person, ...(signal?.others ?? [])];
      return services.sight.veil(
        user,
        {
          id: item.id,
          says: signal?.says ?? item.says,
          why: signal?.why ?? '',
          sources: signal?.sources ?? [],
          innocent: signal?.innocent ?? [],
          next: signal?.next ?? [],
          version: signal?.version ?? '',
          asOf: frozen?.asOf ?? '',
          columns: signal?.evidence.columns ?? [],
          rows: signal?.evidence.rows ?? [],
          total: signal?.evidence.total ?? 0,
          others: (signal?.others ?? []).map(named),
          intact: signal !== undefined,
        },
        about,
      );
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/integrity',
      summary: 'Whether the evidence is what was handed in: hashes, files on disk, and the audit log',
      permission: 'cases.view',
      needs: 'case',
      params: ofCase,
      answer: words.integritySchema,
    },
    async ({ params, user, db }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: anyState });
      return integrityOf(db, services, row.id);
    },
  );
}

export const anyState = ['asked', 'refused', 'open', 'closed', 'merged'] as const;

/** Compares each piece with its hash, and each frozen result with what the audit log says was frozen. */
export async function integrityOf(
  db: Db,
  services: Services,
  id: string,
): Promise<{ good: boolean; checked: number; problems: string[] }> {
  const sources = await sourcesOf(db, id);
  const frozen = await held(db, caseFrozen, sources);
  const items = await held(db, caseItems, sources);
  const logged = await db
    .select({ detail: audit.detail })
    .from(audit)
    .where(
      and(
        eq(audit.action, 'case.freeze'),
        inArray(
          audit.subject,
          sources.map((source) => `case:${source.case}`),
        ),
      ),
    );
  const hashes = new Map(logged.map(({ detail }) => [String(detail.frozen), String(detail.sha256)]));
  const problems: string[] = [];
  for (const one of frozen) {
    if (!intact(one)) problems.push(`The evidence frozen on ${dayOf(one.at)} does not agree with its hash.`);
    else if (hashes.get(one.id) !== one.sha256)
      problems.push(`The evidence frozen on ${dayOf(one.at)} is not what the audit log says was frozen.`);
  }
  for (const item of items) {
    if (item.kind === 'finding') {
      const from = frozen.find((one) => one.id === (item.data as FindingData).frozen);
      const signal = from && frozenSignal(from, item);
      if (!signal || signal.says !== item.says || signal.bits !== (item.data as FindingData).bits)
        problems.push(`A finding frozen on ${dayOf(item.at)} does not agree with the frozen result.`);
    } else if (item.kind === 'file') {
      if (item.state !== 'held') continue;
      const bytes = await readFile(join(filesFolder(services), item.sha256)).catch(() => undefined);
      if (!bytes) problems.push(`A file of ${dayOf(item.at)} is missing on disk.`);
      else if (sha256(bytes) !== item.sha256)
        problems.push(`A file of ${dayOf(item.at)} is not what was handed in.`);
    } else if (sha256(canonical({ kind: item.kind, says: item.says, ...item.data })) !== item.sha256)
      problems.push(`A piece of ${dayOf(item.at)} does not agree with its hash.`);
  }
  return { good: problems.length === 0, checked: frozen.length + items.length, problems };
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** The last part of whatever path a browser sends, without what cannot be seen. */
export function fileName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '').trim();
  return plain === '' || /^\.+$/.test(plain) ? 'file' : plain.slice(0, 200);
}

interface TakenFile {
  sha256: string;
  bytes: number;
}

/** Takes a file over: on disk, under its hash, before anything says that it is there. */
async function takeFile(context: Context, services: Services): Promise<TakenFile> {
  const user = context.get('user' as never) as User;
  const [item] = await services.store.db
    .select({ state: caseItems.state })
    .from(caseItems)
    .where(
      and(
        eq(caseItems.id, String(context.req.param('item'))),
        eq(caseItems.case, String(context.req.param('case'))),
        eq(caseItems.by, user.id),
      ),
    );
  if (item?.state !== 'awaited') throw notFound('a file that waits for its content');
  const { body } = context.req.raw;
  if (!body) throw new Refusal(400, 'FILE_EMPTY', 'the file is empty');
  const folder = filesFolder(services);
  await makeFolder(folder);
  const part = join(folder, `part-${randomUUID()}`);
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(part, 'wx', 0o600);
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > largestFile) throw new Refusal(413, 'FILE_TOO_LARGE', 'a file may have 50 MB');
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    if (bytes === 0) throw new Refusal(400, 'FILE_EMPTY', 'the file is empty');
    await file.sync();
    await file.close();
    const name = hash.digest('hex');
    await moveInto(part, join(folder, name));
    return { sha256: name, bytes };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}
