/**
 * What the reader can do from where something is said. The report cannot change anything: it says the command. The
 * console puts a form there instead.
 */
import type { Proposal, Ring } from '@rollcall/engine/model/result.js';
import { createContext, type ReactNode, useContext } from 'react';

export interface Acting {
  confirm(proposal: Proposal): ReactNode;
  /** Takes back an innocent reason that is on record. */
  withdraw(id: string): ReactNode;
  ring(ring: Ring): ReactNode;
}

export const ActingContext = createContext<Acting | undefined>(undefined);

/** Absent in the report. */
export function useActing(): Acting | undefined {
  return useContext(ActingContext);
}
