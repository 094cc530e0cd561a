import type { Profile } from '../profile/profile.js';
import type { DocumentResult } from '../types.js';

export interface WorkerTask {
  file: string;
  bytes: Uint8Array;
}

export interface WorkerAnswer {
  document: DocumentResult;
  /** Of documents that were read. */
  profile?: Profile;
}
