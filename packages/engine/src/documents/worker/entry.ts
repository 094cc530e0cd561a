import { parentPort, workerData } from 'node:worker_threads';
import type { Limits } from '../limits.js';
import { extractProfile } from '../profile/profile.js';
import { readDocument } from '../read-document.js';
import type { WorkerAnswer, WorkerTask } from './protocol.js';

/** Runs inside the worker: one file at a time, as they come. */
const { limits, homeCountry } = workerData as { limits: Limits; homeCountry: string };

parentPort?.on('message', (task: WorkerTask) => {
  void answer(task).then((message) => parentPort?.postMessage(message));
});

async function answer({ file, bytes }: WorkerTask): Promise<WorkerAnswer> {
  const document = await readDocument(file, bytes, limits);
  return document.outcome === 'read'
    ? { document, profile: extractProfile(document, { homeCountry }) }
    : { document };
}
