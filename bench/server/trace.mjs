// What a program did to the files below a folder, read from strace's record of it: every write with its bytes, every change
// of a folder, and every time it waited for the disk.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** Calls that change files or folders, or wait for the disk. */
const calls = [
  ...[
    'open',
    'openat',
    'openat2',
    'creat',
    'lseek',
    'mmap',
    'write',
    'pwrite64',
    'writev',
    'pwritev',
    'pwritev2',
  ],
  ...['truncate', 'ftruncate', 'fallocate', 'copy_file_range', 'sendfile', 'rename', 'renameat', 'renameat2'],
  ...[
    'link',
    'linkat',
    'symlink',
    'symlinkat',
    'unlink',
    'unlinkat',
    'mkdir',
    'mkdirat',
    'rmdir',
    'mknod',
    'mknodat',
  ],
  ...['fsync', 'fdatasync', 'sync_file_range', 'syncfs', 'sync', 'msync', 'io_uring_setup'],
];

/** The command that runs another one and records what it does. */
export const traced = (record, command) => [
  'strace',
  ...['-f', '-qq', '-ttt', '-T', '-y', '-s', String(1 << 27), '--seccomp-bpf'],
  ...['-e', `trace=${calls.join(',')}`, '-e', 'signal=none', '-o', record, '--', ...command],
];

export const canTrace = () => spawnSync('strace', ['-V']).status === 0;

/** Lines of a file of any size, as bytes. */
function* linesOf(path) {
  const file = openSync(path, 'r');
  let held = [];
  const piece = Buffer.alloc(1 << 22);
  for (;;) {
    const got = readSync(file, piece, 0, piece.length, null);
    if (got === 0) break;
    let from = 0;
    for (let to = piece.indexOf(10); to >= 0 && to < got; to = piece.indexOf(10, from)) {
      const part = Buffer.from(piece.subarray(from, to));
      yield held.length === 0 ? part : Buffer.concat([...held, part]);
      held = [];
      from = to + 1;
    }
    if (from < got) held.push(Buffer.from(piece.subarray(from, got)));
  }
  closeSync(file);
}

const escapes = { n: 10, t: 9, r: 13, v: 11, f: 12, b: 8, a: 7, '"': 34, '\\': 92, '>': 62, '<': 60 };

/** A string as strace writes it, from the byte after its opening quote; and where it ends. */
function quoted(line, from) {
  const out = Buffer.allocUnsafe(line.length - from);
  let n = 0;
  let at = from;
  for (; line[at] !== 34; at++) {
    if (at >= line.length) throw new Error('a string without an end');
    if (line[at] !== 92) {
      out[n++] = line[at];
      continue;
    }
    at++;
    if (line[at] >= 48 && line[at] <= 55) {
      let value = line[at] - 48;
      for (let more = 0; more < 2 && line[at + 1] >= 48 && line[at + 1] <= 55; more++)
        value = value * 8 + line[++at] - 48;
      out[n++] = value;
    } else if (line[at] === 120) {
      out[n++] = Number.parseInt(line.toString('latin1', at + 1, at + 3), 16);
      at += 2;
    } else out[n++] = escapes[String.fromCharCode(line[at])];
  }
  if (line.toString('latin1', at + 1, at + 4) === '...') throw new Error('strace has cut a string short');
  return { bytes: Buffer.from(out.subarray(0, n)), end: at + 1 };
}

/** Arguments: strings as bytes, everything else as text. */
function argumentsOf(line, from) {
  const found = [];
  let text = '';
  let depth = 0;
  let at = from;
  for (; at < line.length; at++) {
    const sign = String.fromCharCode(line[at]);
    if (sign === '"') {
      const string = quoted(line, at + 1);
      found.push(string.bytes);
      at = string.end - 1;
      text = '';
    } else if (sign === '<' && depth === 0 && /\d$|AT_FDCWD$/.test(text)) {
      // Which file a descriptor is of.
      const end = line.indexOf(62, at);
      text += line.toString('latin1', at, end + 1);
      at = end;
    } else if (sign === ')' && depth === 0) break;
    else if (sign === ',' && depth === 0) {
      if (text.trim() !== '') found.push(text.trim());
      text = '';
    } else {
      if (sign === '{' || sign === '[' || sign === '(') depth++;
      if (sign === '}' || sign === ']' || sign === ')') depth--;
      text += sign;
    }
  }
  if (text.trim() !== '') found.push(text.trim());
  return { found, end: at + 1 };
}

/** Bytes of each piece of a `writev`, joined. */
function pieces(line, from) {
  const parts = [];
  let at = from;
  for (;;) {
    const next = line.indexOf('iov_base="', at, 'latin1');
    if (next < 0) break;
    const { bytes, end } = quoted(line, next + 'iov_base="'.length);
    parts.push(bytes);
    at = end;
  }
  return { bytes: Buffer.concat(parts), end: at };
}

const pathIn = (argument) => {
  const found = /<([^>]*)>(\(deleted\))?/.exec(String(argument));
  return found && !found[2]
    ? found[1].replace(/\\(\d{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)))
    : undefined;
};
const fdIn = (argument) => Number.parseInt(String(argument), 10);

/**
 * Reads a record. `files` and `folders` are told by number of inode, with all that was done to them and all times somebody
 * waited for them; `answers` says at which line an answer to a request of a given id began to leave.
 *
 * A change has `from` and `to`, the lines at which its call began and ended: a sync covers what ended before it began.
 */
export function readTrace(record, root, cwd = process.cwd()) {
  const inodes = [{ folder: true, changes: [], syncs: [], path: '' }];
  /** As programs see it: what each folder holds now. */
  const now = new Map([[0, new Map()]]);
  const positions = new Map();
  const answers = new Map();
  const syncs = [];
  const counts = {};
  const oddities = new Set();
  let line = 0;

  const below = (path) => path === root || path.startsWith(`${root}/`);
  const inside = (path) => (path === root ? [] : path.slice(root.length + 1).split('/'));
  const find = (path) => {
    let at = 0;
    for (const part of inside(path)) {
      at = now.get(at)?.get(part);
      if (at === undefined) return undefined;
    }
    return at;
  };
  const put = (path, inode, when) => {
    const parent = find(dirname(path));
    if (parent === undefined) return oddities.add(`no folder for ${path}`);
    now.get(parent).set(basename(path), inode);
    inodes[parent].changes.push({ ...when, set: [[basename(path), inode]] });
  };
  const drop = (path, when) => {
    const parent = find(dirname(path));
    if (parent === undefined || !now.get(parent).has(basename(path))) return;
    now.get(parent).delete(basename(path));
    inodes[parent].changes.push({ ...when, set: [[basename(path), null]] });
  };
  const make = (path, folder, when) => {
    const inode = inodes.length;
    inodes.push({ folder, changes: [], syncs: [], path: path.slice(root.length + 1) });
    if (folder) now.set(inode, new Map());
    put(path, inode, when);
    return inode;
  };
  const sizeOf = (inode) => {
    let size = 0;
    for (const change of inodes[inode].changes)
      size = change.size ?? Math.max(size, change.at + change.bytes.length);
    return size;
  };
  const moved = (from, to, when) => {
    if (!below(from) && !below(to)) return;
    if (!below(from) || !below(to)) return oddities.add(`moved across the edge: ${from} to ${to}`);
    const inode = find(from);
    if (inode === undefined) return oddities.add(`moved, but not there: ${from}`);
    const [a, b] = [find(dirname(from)), find(dirname(to))];
    now.get(a).delete(basename(from));
    now.get(b).set(basename(to), inode);
    if (a === b)
      inodes[a].changes.push({
        ...when,
        set: [
          [basename(from), null],
          [basename(to), inode],
        ],
      });
    else {
      inodes[a].changes.push({ ...when, set: [[basename(from), null]] });
      inodes[b].changes.push({ ...when, set: [[basename(to), inode]] });
    }
  };
  const write = (fd, path, bytes, at, wrote, when) => {
    const inode = find(path);
    // Removed while it was open: nobody will find it again.
    if (inode === undefined) return;
    const key = `${fd} ${inode}`;
    const position = positions.get(key) ?? { append: false, at: 0 };
    positions.set(key, position);
    let offset = at;
    if (position.append) offset = sizeOf(inode);
    else if (offset === undefined) offset = position.at;
    if (at === undefined) position.at = offset + wrote;
    inodes[inode].changes.push({ ...when, at: offset, bytes: bytes.subarray(0, wrote) });
  };

  const apply = (name, rest, result, when) => {
    if (name.startsWith('io_uring')) oddities.add('io_uring');
    const failed = result.startsWith('-1') || result.startsWith('?');
    const number = Number.parseInt(result, 10);
    if (['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2'].includes(name)) {
      const head = rest.toString('latin1', 0, 4096);
      const path = pathIn(head.slice(0, head.indexOf('>') + 1));
      if (path?.startsWith('socket:') || path?.startsWith('TCP')) {
        const shown = rest.toString('latin1', 0, 60_000);
        if (/HTTP\/1\.1 \d/.test(shown))
          for (const [, id] of shown.matchAll(/x-request-id: ([A-Za-z0-9._-]+)/gi))
            if (!answers.has(id)) answers.set(id, when.from);
        return;
      }
      if (failed || number === 0 || path === undefined || !below(path)) return;
      const quote = rest.indexOf(34);
      const { bytes, end } =
        name.includes('v') && name !== 'pwrite64' ? pieces(rest, 0) : quoted(rest, quote + 1);
      const after = argumentsOf(rest, end).found;
      const at = name.startsWith('p') ? Number.parseInt(after.at(-1), 10) : undefined;
      write(fdIn(head), path, bytes, at, number, when);
      counts.writes = (counts.writes ?? 0) + 1;
      return;
    }
    const { found } = argumentsOf(rest, 0);
    const place = (nth) => {
      const value = found[nth];
      return Buffer.isBuffer(value) ? value.toString() : value;
    };
    const at = (folder, nth) => resolve(pathIn(folder) ?? cwd, place(nth));
    if (failed) return;
    switch (name) {
      case 'open':
      case 'creat':
      case 'openat':
      case 'openat2': {
        const own = name === 'open' || name === 'creat';
        const path = own ? resolve(cwd, place(0)) : at(found[0], 1);
        if (!below(path)) return;
        const flags = name === 'creat' ? 'O_CREAT|O_TRUNC' : found.slice(own ? 1 : 2).join(' ');
        let inode = find(path);
        if (/O_TMPFILE/.test(flags)) return oddities.add('O_TMPFILE');
        if (/O_D?SYNC/.test(flags)) oddities.add(`opened with ${/O_D?SYNC/.exec(flags)[0]}`);
        if (inode === undefined) {
          if (!/O_CREAT/.test(flags)) return oddities.add(`opened, but not known: ${path}`);
          inode = make(path, false, when);
        } else if (/O_TRUNC/.test(flags)) inodes[inode].changes.push({ ...when, size: 0 });
        positions.set(`${number} ${inode}`, { append: /O_APPEND/.test(flags), at: 0 });
        return;
      }
      case 'lseek': {
        const path = pathIn(found[0]);
        const inode = path && below(path) ? find(path) : undefined;
        if (inode === undefined) return;
        const key = `${fdIn(found[0])} ${inode}`;
        positions.set(key, { append: false, ...positions.get(key), at: number });
        return;
      }
      case 'mmap': {
        const path = pathIn(found[4]);
        if (path && below(path) && /MAP_SHARED/.test(found[3]) && /PROT_WRITE/.test(found[2]))
          oddities.add(`mapped for writing: ${path}`);
        return;
      }
      case 'truncate':
      case 'ftruncate': {
        const path = name === 'truncate' ? resolve(cwd, place(0)) : pathIn(found[0]);
        const inode = path && below(path) ? find(path) : undefined;
        if (inode !== undefined) inodes[inode].changes.push({ ...when, size: Number(found[1]) });
        return;
      }
      case 'fallocate':
      case 'copy_file_range':
      case 'sendfile':
      case 'msync':
      case 'sync_file_range':
        if (found.some((one) => below(pathIn(one) ?? ''))) oddities.add(name);
        return;
      case 'rename':
        return moved(resolve(cwd, place(0)), resolve(cwd, place(1)), when);
      case 'renameat':
      case 'renameat2':
        return moved(at(found[0], 1), at(found[2], 3), when);
      case 'link':
      case 'linkat': {
        const [from, to] =
          name === 'link'
            ? [resolve(cwd, place(0)), resolve(cwd, place(1))]
            : [at(found[0], 1), at(found[2], 3)];
        if (below(to)) put(to, find(from), when);
        return;
      }
      case 'symlink':
      case 'symlinkat':
      case 'mknod':
      case 'mknodat':
        if (found.some((one) => Buffer.isBuffer(one) && below(resolve(cwd, one.toString()))))
          oddities.add(name);
        return;
      case 'unlink':
      case 'rmdir':
      case 'unlinkat': {
        const path = name === 'unlinkat' ? at(found[0], 1) : resolve(cwd, place(0));
        if (below(path)) drop(path, when);
        return;
      }
      case 'mkdir':
      case 'mkdirat': {
        const path = name === 'mkdir' ? resolve(cwd, place(0)) : at(found[0], 1);
        if (below(path) && path !== root) make(path, true, when);
        return;
      }
      case 'fsync':
      case 'fdatasync': {
        const path = pathIn(found[0]);
        if (path === undefined || !below(path)) return;
        const inode = find(path);
        counts.syncs = (counts.syncs ?? 0) + 1;
        syncs.push({ ...when, inode });
        if (inode !== undefined) inodes[inode].syncs.push(when);
        return;
      }
      case 'sync':
      case 'syncfs':
        return oddities.add(name);
    }
  };

  /** Calls that another thread's call interrupted in the record. */
  const begun = new Map();
  for (const bytes of linesOf(record)) {
    line++;
    const head = /^(\d+) +(\d+\.\d+) (?:<\.\.\. (\w+) resumed>|(\w+)\()/.exec(
      bytes.toString('latin1', 0, 120),
    );
    if (!head) continue;
    const [whole, thread, , resumed, name] = head;
    if (name) {
      const tail = bytes.toString('latin1', Math.max(0, bytes.length - 24));
      if (tail.endsWith('<unfinished ...>')) {
        begun.set(thread, { name, from: line, rest: bytes.subarray(whole.length, bytes.length - 16) });
        continue;
      }
    }
    const before = resumed ? begun.get(thread) : undefined;
    if (resumed && !before) continue;
    begun.delete(thread);
    // The result stands after the last “ = ”, before the time it took.
    const tail = bytes.toString('latin1', Math.max(whole.length, bytes.length - 600));
    const result = tail.slice(tail.lastIndexOf(' = ') + 3);
    const end = bytes.length - tail.length + tail.lastIndexOf(' = ');
    const own = bytes.subarray(whole.length, Math.max(end, whole.length));
    apply(before?.name ?? name, before ? Buffer.concat([before.rest, own]) : own, result, {
      from: before?.from ?? line,
      to: line,
    });
  }
  return { inodes, syncs, answers, counts, oddities: [...oddities], lines: line };
}
