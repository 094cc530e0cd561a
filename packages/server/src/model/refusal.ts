/** Why a request is not served, as the one who asked is told (RFC 9457). Messages name no person. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 503,
    /** A word of ours that programs can rely on: `CASE_CLOSED`. */
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const notFound = (what: string) =>
  new Refusal(404, 'NOT_FOUND', `${what} does not exist, or is not yours to see`);
