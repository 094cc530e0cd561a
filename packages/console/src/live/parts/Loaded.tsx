import type { ReactNode } from 'react';
import type { Reading } from '../api.js';

/** What a page shows while it reads, and where it cannot: what happened, and what to do next. */
export function Loaded<T>({ of, children }: { of: Reading<T>; children: (data: T) => ReactNode }) {
  if (of.state === 'ready') return children(of.data);
  if (of.state === 'loading')
    return (
      <p className="waiting" role="status">
        Reading …
      </p>
    );
  const { status, message } = of.problem;
  return (
    <div className="empty" role="alert">
      <h1>
        {status === 403 ? 'Not for your roles' : status === 404 ? 'Nothing here' : 'This could not be read'}
      </h1>
      <p>The server says: {message}.</p>
      {status === 403 ? (
        <p>An administrator gives roles, under Settings. Asking is recorded nowhere; looking is.</p>
      ) : status === 404 ? (
        <p>It may be gone, or not yours to see: a case shows itself to its members only.</p>
      ) : (
        <p>
          <button type="button" onClick={of.again}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}
