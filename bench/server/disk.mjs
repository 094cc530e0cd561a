// The disk as it may be found after a power cut, by what had been done to it and what had been waited for.
//
// The model is that of ALICE (Pillai et al., “All File Systems Are Not Created Equal”, OSDI 2014) and CrashMonkey (Mohan et
// al., “Finding Crash-Consistency Bugs with Bounded Black-Box Crash Testing”, OSDI 2018): data of a file is there up to the
// last sync of that file, names in a folder up to the last sync of that folder, and of what came later any part may be.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Repeatable numbers from 0 to 1 (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Changes that a completed sync covers, and those begun before the cut that none does. */
function divided({ changes, syncs }, cut) {
  let covered = -1;
  for (const sync of syncs) if (sync.to < cut) covered = Math.max(covered, sync.from);
  const kept = [];
  const open = [];
  for (const change of changes) {
    if (change.from >= cut) continue;
    if (change.to < covered) kept.push(change);
    else open.push(change);
  }
  return { kept, open };
}

/** A write as the pages it is made of, each of which may reach the disk or not. */
function torn(change, page, chance, share) {
  if (change.size !== undefined) return chance() < share ? [change] : [];
  const out = [];
  for (let from = 0; from < change.bytes.length; ) {
    const end = Math.min(change.bytes.length, (Math.floor((change.at + from) / page) + 1) * page - change.at);
    if (chance() < share) out.push({ at: change.at + from, bytes: change.bytes.subarray(from, end) });
    from = end;
  }
  return out;
}

const some = (changes, chance, share) => changes.filter(() => chance() < share);
/** The first so many: what a journal keeps in order. */
const first = (changes, chance) => changes.slice(0, Math.floor(chance() * (changes.length + 1)));

/**
 * What is kept of the changes of one file or folder.
 *
 * - `strict`: what was synced, and nothing else.
 * - `ordered`: names in the order they were given up to the last sync of anything, as a journal keeps them; data as synced.
 * - `names`: names all there, data only as synced: files of length zero and old content under new names.
 * - `data`: data all there, names only as synced.
 * - `mixed`: of what was not synced any part, writes torn into pages of 512 or 4,096 bytes.
 * - `kill`: everything that was done, as after a kill of the program: no power is cut.
 */
function keptOf(inode, cut, model, chance, lastSync) {
  const { kept, open } = divided(inode, cut);
  const done = open.filter((change) => change.to < cut);
  if (model === 'kill') return [...kept, ...done];
  if (model === 'strict') return kept;
  if (inode.folder) {
    if (model === 'names') return [...kept, ...done];
    if (model === 'data') return kept;
    if (model === 'ordered') return [...kept, ...done.filter((change) => change.to < lastSync)];
    const roll = chance();
    return roll < 0.3
      ? kept
      : roll < 0.5
        ? [...kept, ...open]
        : [...kept, ...(roll < 0.75 ? first(open, chance) : some(open, chance, chance()))];
  }
  if (model === 'names' || model === 'ordered') return kept;
  if (model === 'data') return [...kept, ...done];
  const roll = chance();
  if (roll < 0.3) return kept;
  if (roll < 0.5) return [...kept, ...open];
  if (roll < 0.7) return [...kept, ...first(open, chance)];
  const page = chance() < 0.5 ? 512 : 4096;
  const share = chance();
  return [...kept, ...open.flatMap((change) => torn(change, page, chance, share))];
}

export const models = ['strict', 'ordered', 'names', 'data', 'mixed', 'kill'];

/** Writes the disk below a folder. */
export function makeDisk({ inodes, syncs }, { cut, model, seed = 1, into }) {
  const chance = numbers(seed);
  let lastSync = 0;
  for (const sync of syncs) if (sync.to < cut) lastSync = Math.max(lastSync, sync.from);
  // Drawn in the order of inodes, so that the same seed gives the same disk.
  const kept = inodes.map((inode) => keptOf(inode, cut, model, chance, lastSync));
  const place = (number, path) => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const names = new Map();
    for (const { set } of kept[number])
      for (const [name, inode] of set)
        if (inode === null) names.delete(name);
        else names.set(name, inode);
    for (const [name, inode] of names) {
      if (inodes[inode].folder) place(inode, join(path, name));
      else writeFile(join(path, name), kept[inode]);
    }
  };
  place(0, into);
}

function writeFile(path, changes) {
  if (changes.length === 0) return writeFileSync(path, '', { mode: 0o600 });
  let bytes = Buffer.alloc(0);
  let size = 0;
  const grow = (to) => {
    if (to > bytes.length) {
      const more = Buffer.alloc(Math.max(to, bytes.length * 2));
      bytes.copy(more, 0, 0, size);
      bytes = more;
    }
    // What was cut off and is grown over again reads as zeros.
    if (to > size) bytes.fill(0, size, to);
    size = to;
  };
  for (const change of changes) {
    if (change.size !== undefined) grow(change.size);
    else {
      if (change.at + change.bytes.length > size) grow(change.at + change.bytes.length);
      change.bytes.copy(bytes, change.at);
    }
  }
  const file = openSync(path, 'w', 0o600);
  for (let done = 0; done < size; ) done += writeSync(file, bytes, done, size - done, done);
  closeSync(file);
}
