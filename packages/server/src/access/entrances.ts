/** What only this house has, beside better-auth: the first account, and the password of an invitation. */
import { z } from '@hono/zod-openapi';
import { and, eq } from 'drizzle-orm';
import { Refusal } from '../model/refusal.js';
import { type Role, roles } from '../model/roles.js';
import type { AuditEntry } from '../model/services.js';
import { authUsers } from '../store/schema.js';
import type { Db } from '../store/store.js';
import { admins, cleanEmail, createUser, inOrder, setPassword } from './accounts.js';
import type { Body } from './doors.js';
import { useLink } from './links.js';
import { requireStrong } from './passwords.js';
import { parsed } from './plain-http.js';

const setUpBody = z.object({
  token: z.string().max(200),
  email: z.email('write an e-mail address').max(254),
  name: z.string().trim().min(1, 'write a name').max(120),
  password: z.string().max(1000),
  roles: z.array(z.enum(roles)).max(roles.length).default([]),
});
const acceptBody = z.object({ token: z.string().max(200), password: z.string().max(1000) });

type Entrance = (db: Db, body: Body) => Promise<{ answer: unknown; entry: AuditEntry }>;

export function makeEntrances(now: () => Date): Readonly<Record<string, Entrance>> {
  return {
    'POST /set-up': async (db, body) => {
      const asked = parsed(setUpBody, body);
      await useLink(db, 'set-up', asked.token, now());
      if ((await admins(db)).length > 0)
        throw new Refusal(409, 'SET_UP_ALREADY', 'Rollcall is set up already; sign in');
      requireStrong(asked.password, asked.email);
      const held: Role[] = inOrder(['admin', ...asked.roles]);
      const id = await createUser(db, { ...asked, roles: held }, now());
      return {
        answer: { email: cleanEmail(asked.email) },
        entry: { actor: id, action: 'account.set-up', subject: `account:${id}`, detail: { roles: held } },
      };
    },
    'POST /accept': async (db, body) => {
      const asked = parsed(acceptBody, body);
      const { user, by } = await useLink(db, 'invitation', asked.token, now());
      const [row] = await db
        .select()
        .from(authUsers)
        .where(and(eq(authUsers.id, user ?? ''), eq(authUsers.active, true)));
      if (!row) throw new Refusal(403, 'LINK_INVALID', 'this account was closed; ask an administrator');
      requireStrong(asked.password, row.email);
      await setPassword(db, row.id, asked.password, now());
      return {
        answer: { email: row.email },
        entry: {
          actor: row.id,
          action: 'account.accept',
          subject: `account:${row.id}`,
          detail: { invitedBy: by },
        },
      };
    },
  };
}
