import type { Permission, Role } from '@rollcall/server/model/roles.js';
import { createContext, useContext } from 'react';

/** Who is signed in, and what they may do. The server decides; this only says which doors to show. */
export interface Session {
  user: { id: string; name: string; email: string; roles: readonly Role[] };
  permissions: readonly Permission[];
  /** What has to be done before anything else opens. */
  needs?: 'second-factor';
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('nobody is signed in');
  return session;
}

export function useMay(): (permission: Permission) => boolean {
  const session = useSession();
  return (permission) => session.permissions.includes(permission);
}
