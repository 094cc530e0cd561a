import { type FormEvent, type ReactNode, useState } from 'react';
import { Refused } from '../api.js';

/**
 * A form that changes something: one button, off while it works, and the server's words where it will not. What was
 * typed stays until it is done.
 */
export function Act({
  word,
  act,
  done,
  children,
  danger = false,
  label,
}: {
  /** On the button. */
  word: string;
  act: (fields: FormData) => Promise<unknown>;
  /** Said when it is done; absent where the page shows it by itself. */
  done?: string;
  children?: ReactNode;
  danger?: boolean;
  /** What the form is for, to those who hear it. */
  label: string;
}) {
  const [state, setState] = useState<{ busy: boolean; problem?: string; said?: string }>({ busy: false });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setState({ busy: true });
    act(new FormData(form))
      .then(() => {
        form.reset();
        setState({ busy: false, ...(done ? { said: done } : {}) });
      })
      .catch((error: unknown) =>
        setState({
          busy: false,
          problem: error instanceof Refused || error instanceof Error ? error.message : String(error),
        }),
      );
  };
  return (
    <form className="act" aria-label={label} onSubmit={submit}>
      {children}
      <p className="act-end">
        <button type="submit" className={danger ? 'danger' : 'primary'} disabled={state.busy}>
          {state.busy ? 'One moment …' : word}
        </button>
        <span role="status" className={state.problem ? 'problem' : 'said'}>
          {state.problem ? `Not done: ${state.problem}.` : state.said}
        </span>
      </p>
    </form>
  );
}
