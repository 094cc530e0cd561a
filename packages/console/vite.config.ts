import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';
import { outlines } from './outlines.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * The page holds strangers' text. Only the script and the style of this build may run, by their hash; nothing may be
 * fetched, framed, submitted or written as markup. A block of JSON is not a script, so the data needs no exception.
 */
function contentSecurityPolicy(): Plugin {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
  return {
    name: 'rollcall:content-security-policy',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const asset of Object.values(bundle)) {
          if (asset.type !== 'asset' || !asset.fileName.endsWith('.html')) continue;
          const html = String(asset.source);
          // Read in order, so that the word <style> inside the script is not taken for a style.
          const inline = [
            ...html.matchAll(/<(script type="module"|style)[^>]*>([\s\S]*?)<\/(?:script|style)>/g),
          ];
          const hashes = (tag: string) =>
            inline
              .filter((match) => match[1]?.startsWith(tag))
              .map((match) => hash(match[2] ?? ''))
              .join(' ');
          const scripts = hashes('script');
          const styles = hashes('style');
          if (!scripts || !styles) this.error('the report holds no inline script or style to allow');
          const policy = [
            "default-src 'none'",
            `script-src ${scripts}`,
            `style-src ${styles}`,
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
          ].join('; ');
          const placeholder = /<meta name="content-security-policy"[^>]*>/;
          if (!placeholder.test(html))
            this.error('report.html lost the place of its content security policy');
          asset.source = html.replace(
            placeholder,
            () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
          );
        }
      },
    },
  };
}

/** The report carries other people's code, and so their notices: those of every package that is really in it. */
function notices(): Plugin {
  const packages = new Set(['world-atlas']);
  return {
    name: 'rollcall:notices',
    enforce: 'post',
    renderChunk(_code, chunk) {
      for (const id of Object.keys(chunk.modules)) {
        const name = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1];
        if (name) packages.add(name.replaceAll('\\', '/'));
      }
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const texts = [...packages].sort().map((name) => {
          const root = new URL(`../../node_modules/${name}/`, import.meta.url);
          const { version, license } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
          const text = readFileSync(new URL('LICENSE', root), 'utf8').trim();
          return `${name} ${version} (${license})\n\n${text}`;
        });
        const notice = `Outlines: Natural Earth, public domain. Parts of this page:\n\n${texts.join('\n\n')}\n`;
        for (const asset of Object.values(bundle)) {
          if (asset.type !== 'asset' || !asset.fileName.endsWith('.html')) continue;
          // Two hyphens would end the comment early.
          asset.source = String(asset.source).replace(
            '</html>',
            () => `<!--\n${notice.replaceAll('--', '- -')}-->\n</html>`,
          );
        }
      },
    },
  };
}

/** While the pages are being worked on, they show the made-up result. */
function sampleWhileDeveloping(): Plugin {
  return {
    name: 'rollcall:sample-while-developing',
    apply: 'serve',
    transformIndexHtml: {
      order: 'pre',
      async handler(html, { server }) {
        const fixture = await server?.ssrLoadModule('/fixtures/sample-result.ts');
        const json = JSON.stringify(fixture?.sampleResult ?? {}).replaceAll('<', '\\u003c');
        return html.replace(/(id="rollcall-result">)\{\}/, (_, slot: string) => slot + json);
      },
    },
  };
}

export default defineConfig({
  root: here,
  logLevel: 'warn',
  plugins: [
    react(),
    outlines(),
    sampleWhileDeveloping(),
    viteSingleFile(),
    notices(),
    contentSecurityPolicy(),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: false,
    rolldownOptions: { input: `${here}report.html`, checks: { bundlerTimings: false } },
  },
});
