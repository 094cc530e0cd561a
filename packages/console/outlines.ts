import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

/** Natural Earth's coastlines and borders without the names and codes the map does not use. */
export function outlines(): Plugin {
  const id = 'virtual:outlines';
  return {
    name: 'rollcall:outlines',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined;
      const atlas = createRequire(import.meta.url).resolve('world-atlas/countries-110m.json');
      const text = readFileSync(atlas, 'utf8');
      const bare = JSON.stringify(
        JSON.parse(text, (key, value) => (key === 'properties' ? undefined : value)),
      );
      return `export default JSON.parse(${JSON.stringify(bare)});`;
    },
  };
}
