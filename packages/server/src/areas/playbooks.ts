import { loadPlaybooks, type Playbooks } from '@rollcall/engine/content/playbooks.js';
import type { Services } from '../model/services.js';

const held = new WeakMap<Services['content'], Promise<Playbooks>>();

/** Playbooks, containment, letters and kinds of reach: read once, when they are first asked for. */
export function playbooksOf(services: Services): Promise<Playbooks> {
  const { content } = services;
  let found = held.get(content);
  if (!found) {
    found = loadPlaybooks(content.folder);
    // A mistake in a file is told each time until it is mended.
    found.catch(() => held.delete(content));
    held.set(content, found);
  }
  return found;
}
