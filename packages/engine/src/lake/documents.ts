import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Connector } from '../content/connector.js';
import type { DocumentResult, Profile, ReadDocument, ReadOptions } from '../documents/index.js';
import { readDocuments } from '../documents/index.js';
import type { SourceFile } from './discover.js';

/** The key by which the connector for résumé files knows its records. */
export const documentMark = 'rollcall_document';

/** A file that was read as a document, or why it was not. */
export interface DocumentAccount {
  file: SourceFile;
  /** Its identity among the records of the connector; absent where it was not read. */
  uid?: string;
  format: string;
  /** Set where it was not read, or read and found to be no résumé. */
  problem?: string;
  /** A document by its content, damaged or refused: as against a text that is something else. */
  document: boolean;
}

/** The connector that maps what is read from résumé files; without one they stay unread. */
export const documentConnector = (connectors: readonly Connector[]): Connector | undefined =>
  connectors.find(
    (connector) =>
      connector.format === 'json' &&
      [connector.recognise].flat().some(({ has }) => has.includes(documentMark)),
  );

/** A folder, or the beginning of a file name, by which adverts are told from résumés. */
const advertFolder = /(^|\/)(job[-_ ]?)?(adverts?|ads|postings?|descriptions?)([-_ .][^/]*)?\//i;
const advertName = /(^|\/)(job[-_ ]?)?(adverts?|ads|postings?|descriptions?)([-_ .][^/]*)?$/i;
const resumeName = /(^|[^\p{L}])(r[eé]sum[eé]|cv|curriculum|lebenslauf)s?([^\p{L}]|$)/iu;

/** "Ads manager, résumé.pdf" is of somebody who sells advertisements. */
export const isAdvert = (file: string): boolean =>
  advertFolder.test(file) || (advertName.test(file) && !resumeName.test(basename(file)));
const wordProcessed = /\.(pdf|docx?|docm|odt|rtf)$/i;
const plain = /\.(txt|md|html?|text)$/i;

/** Whether a file nobody knows may be a résumé: by its beginning, or by its name where it is plain text. */
export function mayBeDocument(file: SourceFile): boolean {
  if (file.recognition.kind !== 'none' || file.bytes === 0) return false;
  return (
    /^(%PDF-|\{\\rtf)/.test(file.head.text.trimStart()) ||
    wordProcessed.test(file.name) ||
    plain.test(file.name)
  );
}

/**
 * Reads files as documents into one file of JSON lines at `path`, a record each, for the connector to map. Text that
 * holds neither a way to reach somebody nor a job or school is no résumé and is left unrecognised. A file that is
 * `known` already by what it holds is not read again.
 */
export async function writeDocuments(
  files: readonly SourceFile[],
  path: string,
  options: {
    homeCountry: string;
    reading?: Pick<ReadOptions, 'workers' | 'idle'>;
    known: (uid: string) => Promise<boolean>;
    step: (file: string) => void;
  },
): Promise<DocumentAccount[]> {
  const accounts: DocumentAccount[] = [];
  const handle = await open(path, 'w', 0o600);
  try {
    const fresh: SourceFile[] = [];
    for (const file of files) {
      const uid = uidOf(await sha256Of(file.path), file.name);
      if (await options.known(uid)) accounts.push({ file, uid, format: 'document', document: true });
      else fresh.push(file);
    }
    let next = 0;
    for await (const { document, profile } of readDocuments(
      fresh.map((file) => file.path),
      { ...options.reading, homeCountry: options.homeCountry },
    )) {
      const file = fresh[next++] as SourceFile;
      options.step(file.name);
      const account = accountOf(file, document, profile);
      accounts.push(account);
      if (account.uid !== undefined && document.outcome === 'read' && profile)
        await handle.writeFile(`${JSON.stringify(recordOf(file.name, document, profile))}\n`);
    }
  } finally {
    await handle.close();
  }
  return accounts;
}

/** What a document is known by. Uids hold no "~": two names that differ in it alone stay two. */
const uidOf = (sha256: string, file: string): string =>
  `${sha256}/${file.replaceAll('%', '%25').replaceAll('~', '%7E')}`;

/** SHA-256 of a file, lower-case hex; empty where it cannot be read, which reading it will say. */
async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    return '';
  }
  return hash.digest('hex');
}

function accountOf(
  file: SourceFile,
  document: DocumentResult,
  profile: Profile | undefined,
): DocumentAccount {
  const isDocument = !plain.test(file.name);
  const format = document.format ?? 'document';
  if (document.outcome === 'refused')
    return { file, format, problem: document.message.replace(`${file.path}: `, ''), document: isDocument };
  if (!profile || !(isDocument || isAdvert(file.name) || isResume(profile, file.name)))
    return { file, format, problem: 'a text in which nobody introduces themselves', document: false };
  return { file, format, uid: uidOf(document.sha256, file.name), document: true };
}

const isResume = (profile: Profile, file: string): boolean =>
  profile.emails.length + profile.phones.length > 0 &&
  (resumeName.test(file) || profile.employment.length + profile.education.length + profile.skills.length > 0);

/** Bytes below which a picture is an icon, a line or nothing: many files have the same. */
const smallestPicture = 1_024;

/** What the connector maps: what the file says (claims, contacts) and shows (traces), without judgement. */
export function recordOf(file: string, document: ReadDocument, profile: Profile) {
  const { traces } = document;
  const origins = [traces.originalDocumentId ?? traces.documentId, traces.fileIds[0], traces.rsidRoot];
  return {
    [documentMark]: 1,
    uid: uidOf(document.sha256, file),
    document: document.sha256,
    file,
    format: document.format,
    advert: isAdvert(file),
    pages: document.pages.length || null,
    text: document.text,
    name: profile.name?.value ?? null,
    location: profile.location?.value ?? null,
    emails: profile.emails.map(({ value }) => value),
    phones: profile.phones.map(({ value }) => value),
    addresses: profile.addresses.map(({ value }) => value),
    links: [
      ...profile.handles.map(({ site, value }) => `${site}/${value}`),
      ...profile.links.map(({ value }) => value),
    ],
    employment: profile.employment.map(entryOf),
    education: profile.education.map(entryOf),
    skills: profile.skills.map(({ subject, years, text }) => ({ subject, years, text })),
    origins: origins.filter((id) => id !== undefined),
    images: traces.images
      .filter(({ bytes }) => bytes >= smallestPicture)
      .flatMap(({ sha256, perceptual, detail }) =>
        perceptual ? [sha256, `p:${perceptual}${detail ?? ''}`] : [sha256],
      ),
    traces: tracesOf(document),
  };
}

function entryOf(entry: Profile['employment'][number]) {
  const since = firstDay(entry.from);
  const until = entry.to && lastDay(entry.to);
  return {
    organisation: entry.organisation ?? null,
    title: entry.title ?? entry.heading.join(' · '),
    text: entry.body,
    since,
    until: until ?? null,
    current: entry.ongoing,
    precision:
      entry.from.month === undefined || (entry.to && entry.to.month === undefined) ? 'year' : 'month',
  };
}

type Point = Profile['employment'][number]['from'];
const pad = (value: number, width = 2) => String(value).padStart(width, '0');
const firstDay = ({ year, month }: Point): string => `${pad(year, 4)}-${pad(month ?? 1)}-01`;
const lastDay = ({ year, month }: Point): string =>
  `${pad(year, 4)}-${pad(month ?? 12)}-${pad(new Date(Date.UTC(year, month ?? 12, 0)).getUTCDate())}`;

/** Each thing a file shows as one row. Clocks' offsets, languages and fonts are left out (docs/refused-signals.md). */
function tracesOf(document: ReadDocument): { kind: string; value: string; detail?: string }[] {
  const { traces, blocks, pages } = document;
  const one = (kind: string, value: string | number | undefined, detail?: string) =>
    value === undefined || value === ''
      ? []
      : [{ kind, value: String(value), ...(detail ? { detail } : {}) }];
  return [
    ...traces.authors.flatMap((author) => one('author', author)),
    ...one('last_modified_by', traces.lastModifiedBy),
    ...traces.contributors.flatMap(({ name, role }) => one('contributor', name, role)),
    ...one('company', traces.company),
    ...one('tool', traces.creator),
    ...one('tool', traces.producer),
    ...one('saves', traces.saves ?? traces.revision),
    ...one('created', traces.created?.local?.slice(0, 10)),
    ...one('modified', traces.modified?.local?.slice(0, 10)),
    ...one('template', traces.template),
    ...blocks.flatMap(({ hidden, text }) => (hidden ? one('hidden_text', hidden, text.slice(0, 500)) : [])),
    ...traces.instructions.flatMap(({ pattern, text }) => one('instruction', pattern, text)),
    ...traces.active.flatMap(({ kind, detail }) => one('active', kind, detail)),
    ...traces.disagreements.flatMap((text) => one('disagreement', text)),
    ...one('scan', pages.filter(({ kind }) => kind === 'scan').length || undefined),
  ].slice(0, 200);
}
