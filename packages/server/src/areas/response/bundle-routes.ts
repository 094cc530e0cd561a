/** Sealed evidence, made and taken away. */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from '@hono/zod-openapi';
import { version } from '@rollcall/engine';
import type { Router } from '../../api/router.js';
import { notFound, Refusal } from '../../model/refusal.js';
import { responseBundles } from '../../store/schema.js';
import { caseFor } from '../cases/members.js';
import { happened, held, sourcesOf } from '../cases/scope.js';
import { buildBundle } from './bundle/build.js';
import { gather } from './bundle/gather.js';
import { verifyBundle } from './bundle/verify.js';
import {
  attachment,
  bundlePath,
  bundleView,
  changed,
  colleagues,
  keep,
  ofCase,
  readable,
  words,
} from './common.js';
import { bundleSchema } from './words.js';

export function bundleRoutes(router: Router): void {
  router.add(
    {
      method: 'post',
      path: '/cases/{case}/bundles',
      summary: 'Seal the evidence of a case into a bundle',
      permission: 'cases.export',
      needs: 'case',
      audit: 'bundle.seal',
      params: ofCase,
      body: z.object({
        why: words(5, 1000),
        /** Name people who are not in the case. */
        others: z.boolean().default(false),
        /** Say who the people of the case say they are. Not for peers: it may be a victim's identity. */
        identity: z.boolean().default(true),
        /** Files, as they were handed in. Nothing can be left out of those. */
        files: z.boolean().default(true),
      }),
      answer: bundleSchema,
    },
    async ({ params, body, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: ['open', 'closed'] });
      const options = { others: body.others, identity: body.identity, files: body.files && body.identity };
      const at = services.now();
      const material = await gather(db, services, row, options);
      const snapshot = services.results.current();
      const { zip, entries } = buildBundle(material, {
        madeAt: at.toISOString(),
        madeBy: { id: user.id, name: user.name },
        why: body.why,
        software: { version, content: services.content.version },
        asOf: snapshot?.asOf ?? '',
        options,
        sign: services.keys.sign,
        publicKey: services.keys.publicKey(),
      });
      // What we hand out must pass what others will ask of it.
      const checked = verifyBundle(zip, services.keys.publicKey());
      if (!checked.good) {
        services.log.error(
          { problems: checked.problems.length },
          'a bundle did not pass its own verification',
        );
        throw new Refusal(
          503,
          'BUNDLE_BROKEN',
          'the bundle did not pass its own verification, and was not kept',
        );
      }
      const id = randomUUID();
      await keep(services, id, zip);
      const made = {
        id,
        case: row.id,
        sha256: checked.sha256,
        bytes: zip.length,
        entries,
        options,
        why: body.why,
        by: user.id,
        at,
      };
      await db.insert(responseBundles).values(made);
      await happened(db, {
        case: row.id,
        by: user.id,
        at,
        kind: 'bundle.sealed',
        says: `The evidence was sealed into a bundle; SHA-256 ${checked.sha256}. Why: ${body.why}`,
      });
      note(`case:${row.id}`, { bundle: id, sha256: checked.sha256, ...options });
      changed(services, row.id);
      return bundleView(made, await colleagues(services));
    },
  );

  router.add(
    {
      method: 'get',
      path: '/cases/{case}/bundles/{bundle}/file',
      summary: 'A sealed bundle, as a file',
      permission: 'cases.export',
      needs: 'case',
      audit: 'bundle.take',
      params: ofCase.extend({ bundle: z.string().max(100) }),
    },
    async ({ params, user, db, note }, services) => {
      const { row } = await caseFor(db, user, params.case, { in: readable });
      const made = (await held(db, responseBundles, await sourcesOf(db, row.id))).find(
        ({ id }) => id === params.bundle,
      );
      if (!made) throw notFound('the bundle');
      const zip = await readFile(bundlePath(services, made.id)).catch(() => undefined);
      if (!zip || createHash('sha256').update(zip).digest('hex') !== made.sha256)
        throw new Refusal(
          409,
          'BUNDLE_DAMAGED',
          'the file on disk is not what was sealed; seal the case again',
        );
      note(`case:${row.id}`, { bundle: made.id, sha256: made.sha256 });
      const day = made.at.toISOString().slice(0, 10);
      return attachment(
        zip,
        `evidence-case-${row.number}-${day}-${made.sha256.slice(0, 8)}.zip`,
        'application/zip',
      );
    },
  );
}
