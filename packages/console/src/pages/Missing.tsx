import type { Embedded } from '../embedded.js';
import { href } from '../route.js';

export function NotFound({ what }: { what: string }) {
  return (
    <div className="empty">
      <h1>Nothing here</h1>
      <p>{what}</p>
      <p>
        It may have been in another report. Start from the <a href={href('overview')}>overview</a>, or search
        the <a href={href('people')}>list of people</a>.
      </p>
    </div>
  );
}

export function NoResult({ embedded }: { embedded: Exclude<Embedded, { state: 'ready' }> }) {
  return (
    <main className="empty alone">
      <h1>{embedded.state === 'absent' ? 'This report is empty' : 'This report cannot be read'}</h1>
      {embedded.state === 'absent' ? (
        <p>
          No result has been put into this page yet. Run <code>rollcall scan FOLDER</code> and open the{' '}
          <code>rollcall-report.html</code> it writes.
        </p>
      ) : (
        <>
          <p>{embedded.reason}</p>
          <p>
            The file may have been cut short while it was copied. Run <code>rollcall scan</code> again: the
            lake is kept, so it is quick.
          </p>
        </>
      )}
    </main>
  );
}
