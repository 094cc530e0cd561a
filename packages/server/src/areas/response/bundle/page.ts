/** The readable page of a bundle: one file, no script, nothing from elsewhere, every stranger's text as text. */
import { createHash } from 'node:crypto';
import type { Manifest } from './format.js';

export type Html = { html: string };

/** Text as text. Characters that are not seen or that turn the direction are named. */
export function text(value: unknown): Html {
  const shown = String(value ?? '').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
    char === '\n' || char === '\t'
      ? char
      : `[U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
  return {
    html: shown
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  };
}

/** Parts of a page put together: strings of a template are ours, values are escaped. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  const one = (value: unknown): string =>
    Array.isArray(value)
      ? value.map(one).join('')
      : value && typeof value === 'object' && 'html' in value
        ? (value as Html).html
        : text(value).html;
  return { html: parts.map((part, i) => (i === 0 ? part : one(values[i - 1]) + part)).join('') };
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1a1c1e; background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #a9a99f }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #deded7; overflow-wrap: anywhere }
th { font-weight: 600 } code, .hash { font-family: ui-monospace, monospace; font-size: .8rem; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere } .note { color: #4b5055 }
`;

export interface Page {
  people: {
    name: string;
    role: string;
    findings: { says: string; innocent: string[]; explained: boolean }[];
  }[];
  hypotheses: { says: string; state: string; answer: string }[];
  decisions: { what: string; reason: string; by: string; at: string }[];
  reach: { sentences: string[]; missing: string[] }[];
  timeline: { at: string; kind: string; by: string; says: string }[];
}

export function page(
  manifest: Omit<Manifest, 'entries'>,
  content: Page,
  files: readonly { name: string; what: string; sha256: string }[],
): string {
  const hash = createHash('sha256').update(style).digest('base64');
  const list = (items: readonly string[]) => html`<ul>${items.map((one) => html`<li>${one}</li>`)}</ul>`;
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const body = html`<h1>Evidence of case ${manifest.case.number}: ${manifest.case.title}</h1>
<p>Sealed on ${manifest.madeAt} by ${manifest.madeBy.name}. Reason: ${manifest.why}</p>
<p class="note">What stands here are reasons to look, not a finding of guilt. Each finding stands beside the honest ways in which it comes about. What a named person decided, and why, stands under Decisions.</p>
${manifest.leftOut.length > 0 ? html`<h2>Left out</h2>${list(manifest.leftOut)}` : ''}
<h2>People</h2>
${content.people.map(
  (person) => html`<h3>${person.name}</h3><p>${person.role}</p>
<table><thead><tr><th>What was found</th><th>Honest ways it comes about</th></tr></thead><tbody>
${person.findings.map((one) => html`<tr><td>${one.says}${one.explained ? html` <b>Explained.</b>` : ''}</td><td>${one.innocent.join(' ')}</td></tr>`)}
</tbody></table>`,
)}
<h2>Hypotheses</h2>
${content.hypotheses.length === 0 ? html`<p>None is recorded.</p>` : html`<table><thead><tr><th>What could be so</th><th>State</th><th>What was found about it</th></tr></thead><tbody>${content.hypotheses.map((one) => html`<tr><td>${one.says}</td><td>${one.state}</td><td>${one.answer}</td></tr>`)}</tbody></table>`}
<h2>What they could reach and did</h2>
${content.reach.length === 0 ? html`<p>Nothing was frozen.</p>` : content.reach.map((one) => html`${list(one.sentences)}<p>Not known:</p>${one.missing.length > 0 ? list(one.missing) : html`<p>Nothing was missing.</p>`}`)}
<h2>Decisions</h2>
${content.decisions.length === 0 ? html`<p>None was taken.</p>` : html`<table><thead><tr><th>When</th><th>What</th><th>Who</th><th>Why</th></tr></thead><tbody>${content.decisions.map((one) => html`<tr><td>${one.at}</td><td>${one.what}</td><td>${one.by}</td><td>${one.reason}</td></tr>`)}</tbody></table>`}
<h2>Timeline</h2>
<table><thead><tr><th>When (UTC)</th><th>What</th><th>Who</th><th>Words</th></tr></thead><tbody>
${content.timeline.map((one) => html`<tr><td>${one.at}</td><td>${one.kind}</td><td>${one.by}</td><td>${one.says}</td></tr>`)}
</tbody></table>
<h2>Files in this bundle</h2>
<table><thead><tr><th>File</th><th>What it is</th><th>SHA-256</th></tr></thead><tbody>
${files.map((one) => html`<tr><td>${one.name}</td><td>${one.what}</td><td class="hash">${one.sha256}</td></tr>`)}
</tbody></table>
<h2>How to verify this</h2>
<p>README.txt says how to verify the signature and every file with programs every system has. This page itself is one of the files.</p>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width"><title>Evidence of case ${manifest.case.number}</title><style>${{ html: style }}</style></head>
<body>
${body}
</body></html>
`.html;
}
