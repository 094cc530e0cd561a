/** Passkeys: what the server asks goes to the browser, and what the browser answers goes back, as JSON. */
import { get, Refused, send } from '../api.js';

type Json = Record<string, unknown>;

const decode = (text: unknown): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(String(text).replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));

const encode = (bytes: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const known = (list: unknown): PublicKeyCredentialDescriptor[] =>
  (Array.isArray(list) ? (list as Json[]) : []).map((one) => ({
    type: 'public-key',
    id: decode(one.id),
    ...(Array.isArray(one.transports) ? { transports: one.transports as AuthenticatorTransport[] } : {}),
  }));

export function passkeysWork(): boolean {
  return typeof window.PublicKeyCredential === 'function' && window.isSecureContext;
}

/** What a browser says when it did not work, in words that help. */
async function asked<T extends Credential>(ask: Promise<Credential | null>): Promise<T> {
  try {
    const credential = await ask;
    if (credential) return credential as T;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError')
      throw new Refused(409, 'PASSKEY_KNOWN', 'this device holds a passkey for this account already');
    if (error instanceof DOMException && error.name === 'SecurityError')
      throw new Refused(
        400,
        'PASSKEY_ADDRESS',
        'passkeys need Rollcall under a name (https, or localhost), not under a number',
      );
  }
  throw new Refused(400, 'PASSKEY_NONE', 'no passkey was given; it was cancelled, or took too long');
}

export async function signInWithPasskey(): Promise<void> {
  const options = await get<Json>('/auth/passkey/generate-authenticate-options');
  const credential = await asked<PublicKeyCredential>(
    navigator.credentials.get({
      publicKey: {
        challenge: decode(options.challenge),
        ...(options.rpId ? { rpId: String(options.rpId) } : {}),
        allowCredentials: known(options.allowCredentials),
        userVerification: 'required',
        timeout: 120_000,
      },
    }),
  );
  const answer = credential.response as AuthenticatorAssertionResponse;
  await send('POST', '/auth/passkey/verify-authentication', {
    response: {
      id: credential.id,
      rawId: encode(credential.rawId),
      type: credential.type,
      clientExtensionResults: {},
      response: {
        clientDataJSON: encode(answer.clientDataJSON),
        authenticatorData: encode(answer.authenticatorData),
        signature: encode(answer.signature),
        ...(answer.userHandle ? { userHandle: encode(answer.userHandle) } : {}),
      },
    },
  });
}

export async function addPasskey(name: string): Promise<void> {
  const options = await get<Json>('/auth/passkey/generate-register-options');
  const user = options.user as Json;
  const credential = await asked<PublicKeyCredential>(
    navigator.credentials.create({
      publicKey: {
        challenge: decode(options.challenge),
        rp: options.rp as PublicKeyCredentialRpEntity,
        user: { id: decode(user.id), name: String(user.name), displayName: String(user.displayName) },
        pubKeyCredParams: options.pubKeyCredParams as PublicKeyCredentialParameters[],
        excludeCredentials: known(options.excludeCredentials),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: 120_000,
      },
    }),
  );
  const answer = credential.response as AuthenticatorAttestationResponse;
  await send('POST', '/auth/passkey/verify-registration', {
    name,
    response: {
      id: credential.id,
      rawId: encode(credential.rawId),
      type: credential.type,
      clientExtensionResults: {},
      response: {
        clientDataJSON: encode(answer.clientDataJSON),
        attestationObject: encode(answer.attestationObject),
        transports: answer.getTransports?.() ?? [],
      },
    },
  });
}
