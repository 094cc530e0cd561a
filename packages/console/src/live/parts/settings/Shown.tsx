import { useEffect, useRef, useState } from 'react';

/** A secret that is shown this once, to be copied. */
export function Shown({
  label,
  value,
  children,
}: {
  label: string;
  value: string;
  children?: React.ReactNode;
}) {
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // It appears above what was just filled in, and is shown this once: it must not be missed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another value is another secret to copy
  useEffect(() => {
    setCopied(false);
    field.current?.focus({ preventScroll: true });
    field.current?.scrollIntoView({ block: 'center' });
  }, [value]);
  return (
    <div className="shown-once" role="status">
      <label>
        {label}
        <input ref={field} readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <p>
        <button
          type="button"
          className="quiet-button"
          onClick={() => {
            void navigator.clipboard?.writeText(value).then(() => setCopied(true));
          }}
        >
          {copied ? 'Copied' : 'Copy'}
        </button>{' '}
        {children}
      </p>
    </div>
  );
}
