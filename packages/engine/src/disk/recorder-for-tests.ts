/**
 * What programs do to files, watched for tests: whatever was written or named and not yet waited for would be lost in a
 * power cut. Files are told apart by path; what `createWriteStream` writes is not seen.
 */
import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, resolve, sep } from 'node:path';

export interface Recorder {
  /** Everything, in order: `sync file`, `name b`, `gone c`; paths below the folder. */
  readonly events: string[];
  /** Paths below the folder that a power cut at this moment would take, or bring back. */
  lost(): string[];
  /** Called before a name is given; for looking at what is lost at that moment. */
  onName?: (path: string) => void;
  stop(): void;
}

export function record(folder: string): Recorder {
  const root = resolve(folder);
  const content = new Set<string>();
  const names = new Set<string>();
  const events: string[] = [];
  const below = (path: unknown): string | undefined => {
    const whole = resolve(String(path));
    return whole === root || whole.startsWith(root + sep) ? whole : undefined;
  };
  const tell = (what: string, path: string) => events.push(`${what} ${path.slice(root.length + 1)}`);
  const recorder: Recorder = {
    events,
    lost: () => [...new Set([...content, ...names])].map((path) => path.slice(root.length + 1)).sort(),
    stop: () => {
      Object.assign(fs.promises, real);
      syncBuiltinESMExports();
    },
  };
  const named = (path: string) => {
    recorder.onName?.(path.slice(root.length + 1));
    tell('name', path);
    names.add(path);
  };
  const synced = (path: string) => {
    tell('sync', path);
    content.delete(path);
    for (const name of names) if (dirname(name) === path) names.delete(name);
  };
  /** Whatever is there moves along; nothing of it is more on disk than before. */
  const moved = (from: string, to: string) => {
    for (const set of [content, names])
      for (const path of [...set])
        if (path === from || path.startsWith(from + sep)) {
          set.delete(path);
          set.add(to + path.slice(from.length));
        }
  };
  const real = { ...fs.promises };
  const watched = (handle: FileHandle, path: string): FileHandle => {
    for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'truncate'] as const) {
      const plain = handle[name].bind(handle) as (...given: unknown[]) => Promise<never>;
      handle[name] = (async (...given: unknown[]) => {
        content.add(path);
        return await plain(...given);
      }) as never;
    }
    for (const name of ['sync', 'datasync'] as const) {
      const plain = handle[name].bind(handle);
      handle[name] = async () => {
        await plain();
        synced(path);
      };
    }
    return handle;
  };
  Object.assign(fs.promises, {
    open: async (...given: Parameters<typeof real.open>) => {
      const path = below(given[0]);
      const fresh = path !== undefined && !fs.existsSync(path);
      const handle = await real.open(...given);
      if (path === undefined) return handle;
      if (fresh) named(path);
      return watched(handle, path);
    },
    writeFile: async (...given: Parameters<typeof real.writeFile>) => {
      const path = typeof given[0] === 'string' ? below(given[0]) : undefined;
      if (path !== undefined) {
        if (!fs.existsSync(path)) named(path);
        content.add(path);
      }
      await real.writeFile(...given);
    },
    appendFile: async (...given: Parameters<typeof real.appendFile>) => {
      const path = typeof given[0] === 'string' ? below(given[0]) : undefined;
      if (path !== undefined) {
        if (!fs.existsSync(path)) named(path);
        content.add(path);
      }
      await real.appendFile(...given);
      if (path !== undefined && (given[2] as { flush?: boolean } | undefined)?.flush) synced(path);
    },
    mkdir: async (...given: Parameters<typeof real.mkdir>) => {
      const path = below(given[0]);
      const made = await real.mkdir(...given);
      const first = (given[1] as { recursive?: boolean } | undefined)?.recursive ? made : String(given[0]);
      if (path !== undefined && first !== undefined)
        for (let at = path; at.length >= resolve(first).length && at !== root; at = dirname(at)) named(at);
      return made;
    },
    rename: async (...given: Parameters<typeof real.rename>) => {
      const [from, to] = [below(given[0]), below(given[1])];
      if (to !== undefined) recorder.onName?.(to.slice(root.length + 1));
      await real.rename(...given);
      if (from !== undefined && to !== undefined) {
        moved(from, to);
        tell('name', to);
        names.add(to);
      }
    },
    rm: async (...given: Parameters<typeof real.rm>) => {
      const path = below(given[0]);
      const there = path !== undefined && fs.existsSync(path);
      await real.rm(...given);
      if (path === undefined || !there) return;
      for (const set of [content, names])
        for (const one of [...set]) if (one === path || one.startsWith(path + sep)) set.delete(one);
      tell('gone', path);
      names.add(path);
    },
  });
  syncBuiltinESMExports();
  return recorder;
}
