/**
 * Single sign-on with the company's own identity provider (OpenID Connect). Told in the environment, because the
 * client's secret must not stand in the database:
 *
 *   ROLLCALL_OIDC_ISSUER        https://login.example.com
 *   ROLLCALL_OIDC_CLIENT_ID
 *   ROLLCALL_OIDC_CLIENT_SECRET, or ROLLCALL_OIDC_CLIENT_SECRET_FILE
 *   ROLLCALL_OIDC_TITLE         what the button says; “your company” where absent
 *   ROLLCALL_OIDC_DOMAINS       example.com,example.org: whose addresses are let in; nobody's where absent
 *   ROLLCALL_OIDC_ROLES_CLAIM   groups
 *   ROLLCALL_OIDC_ROLES         rollcall-analysts=analyst,people-team=hr
 */
import { readFileSync } from 'node:fs';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { type Role, roles } from '../model/roles.js';

export interface SignOn {
  issuer: string;
  clientId: string;
  clientSecret: string;
  title: string;
  domains: readonly string[];
  claim?: string;
  /** By value of the claim. */
  roles: ReadonlyMap<string, Role>;
}

export const provider = 'company';

const list = (text: string | undefined) =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

export function signOnOf(environment: NodeJS.ProcessEnv): SignOn | undefined {
  const issuer = environment.ROLLCALL_OIDC_ISSUER?.replace(/\/+$/, '');
  if (!issuer) return undefined;
  const wrong = (message: string, hint: string): never => {
    throw new RollcallError('ARGUMENT_INVALID', `${message}: ${hint}`);
  };
  let url: URL | undefined;
  try {
    url = new URL(issuer);
  } catch {
    wrong('ROLLCALL_OIDC_ISSUER is no address', 'it begins with https://');
  }
  if (url?.protocol !== 'https:' && url?.hostname !== 'localhost' && url?.hostname !== '127.0.0.1')
    wrong('ROLLCALL_OIDC_ISSUER must begin with https://', 'whoever reads along could sign in as anybody');
  const clientId = environment.ROLLCALL_OIDC_CLIENT_ID ?? '';
  const file = environment.ROLLCALL_OIDC_CLIENT_SECRET_FILE;
  const clientSecret = file
    ? readFileSync(file, 'utf8').trim()
    : (environment.ROLLCALL_OIDC_CLIENT_SECRET ?? '');
  if (!clientId || !clientSecret)
    wrong(
      'single sign-on lacks the client id or its secret',
      'set ROLLCALL_OIDC_CLIENT_ID and ROLLCALL_OIDC_CLIENT_SECRET_FILE',
    );
  const domains = list(environment.ROLLCALL_OIDC_DOMAINS).map((one) => one.toLowerCase());
  if (domains.length === 0)
    wrong(
      'single sign-on does not say whose addresses are let in',
      'set ROLLCALL_OIDC_DOMAINS, for example to example.com',
    );
  const map = new Map<string, Role>();
  for (const pair of list(environment.ROLLCALL_OIDC_ROLES)) {
    const at = pair.lastIndexOf('=');
    const role = pair.slice(at + 1).trim();
    if (at < 1 || !roles.some((one) => one === role))
      wrong(
        `ROLLCALL_OIDC_ROLES holds “${pair}”, which gives no role`,
        `write group=role; roles are ${roles.join(', ')}`,
      );
    map.set(pair.slice(0, at).trim(), role as Role);
  }
  const claim = environment.ROLLCALL_OIDC_ROLES_CLAIM;
  return {
    issuer,
    clientId,
    clientSecret,
    title: environment.ROLLCALL_OIDC_TITLE || 'your company',
    domains,
    ...(claim ? { claim } : {}),
    roles: map,
  };
}

/**
 * Whether an address of the company stands behind what the provider says of somebody. Some providers never say whether
 * an address is verified; one that says it is not is believed.
 */
export function letIn(signOn: SignOn, profile: Readonly<Record<string, unknown>>): boolean {
  const { email, email_verified: verified } = profile;
  if (typeof email !== 'string' || verified === false || verified === 'false') return false;
  const parts = email.toLowerCase().split('@');
  return parts.length === 2 && parts[0] !== '' && signOn.domains.includes(parts[1] as string);
}

/** Roles that the provider's word gives; undefined where it has none to give, and an administrator does. */
export function rolesOf(signOn: SignOn, profile: Readonly<Record<string, unknown>>): Role[] | undefined {
  if (!signOn.claim || signOn.roles.size === 0) return undefined;
  const said = profile[signOn.claim];
  const values = (Array.isArray(said) ? said : [said]).filter((one) => typeof one === 'string');
  return roles.filter((role) => values.some((value) => signOn.roles.get(value) === role));
}
