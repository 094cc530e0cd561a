import { domainToASCII } from 'node:url';
import type { IdentifierContext } from './context.js';
import { clean, type IdentifierModule } from './identifier.js';

/** An e-mail address. */
export const email: IdentifierModule = {
  kind: 'email',
  about: 'An e-mail address someone gave or signed up with.',

  /** Lower case, domain in ASCII, and by the rules of its provider where content knows them: dots, labels, domains. */
  canonical(text, context) {
    const written = clean(text).toLowerCase();
    const address =
      /<([^<>]*)>\s*$/.exec(written)?.[1] ?? written.replace(/^mailto:/, '').replace(/\?.*$/, '');
    const match = /^([^@\s<>,;:"()[\]\\]{1,64})@([^@\s<>,;:"()[\]\\/]{1,253})$/.exec(address.trim());
    if (!match) return undefined;
    const [name, domain] = match.slice(1) as [string, string];
    const ascii = domainToASCII(domain.replace(/\.$/, ''));
    if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]+$/.test(ascii)) return undefined;
    return byProvider(name, ascii, context);
  },

  rarity:
    'A mailbox has one user, seldom two. Two people who share one are a couple, an office, or one person.',
  traps: [
    'Some providers ignore dots and cut the name at a plus sign; others do not. Only what a provider says of itself is applied.',
    'On a domain of one’s own a plus sign may be a label too. It is kept: a rule too many makes two people one.',
    'Mailboxes such as jobs@ or hr@ belong to an office. Applicants of one agency all give the agency’s.',
    'A forwarding address hides the mailbox behind it: two such addresses may be one mailbox.',
    'A company hands a former colleague’s address to the next of that name. Some providers give out dropped names again.',
  ],
};

function byProvider(name: string, domain: string, { facts }: IdentifierContext): string | undefined {
  let [own, at] = [name, domain];
  let provider = facts.mailProviders.get(at);
  if (!provider) {
    const dot = at.indexOf('.');
    const parent = facts.mailProviders.get(at.slice(dot + 1));
    if (!parent?.subdomains) return `${own}@${at}`;
    provider = parent;
    own = at.slice(0, dot);
    at = provider.canonicalDomain;
  }
  const tag = provider.tag ? own.indexOf(provider.tag) : -1;
  if (tag >= 0) own = own.slice(0, tag);
  for (const sign of provider.ignored) own = own.replaceAll(sign, '');
  return own ? `${own}@${provider.canonicalDomain}` : undefined;
}

/** Whether an address belongs to a function of an office (`content/facts/role-mailboxes.csv`). */
export function isRoleMailbox(value: string, { facts }: IdentifierContext): boolean {
  const at = value.lastIndexOf('@');
  return at > 0 && facts.roleMailboxes.has(value.slice(0, at).replace(/\+.*$/, '').replace(/[._-]/g, ''));
}
