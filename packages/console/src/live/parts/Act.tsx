import { type FormEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { Refused } from '../api.js';

/**
 * A form that changes something: one button, off while it works, and the server's words where it will not. What was
 * typed stays until it is done.
 */
export function Act<Answer>({
  word,
  act,
  done,
  children,
  danger = false,
  label,
}: {
  /** On the button. */
  word: string;
  act: (fields: FormData) => Promise<Answer>;
  /** Said when it is done, or how to say it of the answer; absent where the page shows it by itself. */
  done?: string | ((answer: Answer) => string);
  children?: ReactNode;
  danger?: boolean;
  /** What the form is for, to those who hear it. */
  label: string;
}) {
  const [state, setState] = useState<{ busy: boolean; problem?: string; said?: string }>({ busy: false });
  const own = useRef<HTMLFormElement>(null);
  // A form that goes away with what it did leaves the focus on the page, not on nothing.
  useLayoutEffect(() => {
    const form = own.current;
    return () => {
      if (!form?.contains(document.activeElement)) return;
      setTimeout(() => {
        if (document.activeElement === document.body || document.activeElement === null)
          document.getElementById('main')?.focus({ preventScroll: true });
      });
    };
  }, []);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (state.busy) return;
    const form = event.currentTarget;
    setState({ busy: true });
    act(new FormData(form))
      .then((answer) => {
        form.reset();
        setState({ busy: false, ...(done ? { said: typeof done === 'string' ? done : done(answer) } : {}) });
      })
      .catch((error: unknown) =>
        setState({
          busy: false,
          problem: error instanceof Refused || error instanceof Error ? error.message : String(error),
        }),
      );
  };
  return (
    <form className="act" aria-label={label} onSubmit={submit} ref={own}>
      {children}
      <p className="act-end">
        {/* Not `disabled`, which would take the focus away from whoever uses the keys. */}
        <button type="submit" className={danger ? 'danger' : 'primary'} aria-disabled={state.busy}>
          {state.busy ? 'One moment …' : word}
        </button>
        <span role="status" className={state.problem ? 'problem' : 'said'}>
          {state.problem ? `Not done: ${state.problem}.` : state.said}
        </span>
      </p>
    </form>
  );
}
