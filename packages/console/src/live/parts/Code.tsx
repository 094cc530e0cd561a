import { shown } from '../../format.js';

/** A text of a program, in its own frame that scrolls, also by keyboard. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable to be scrolled by key
    <section className="code-text" aria-label={label} tabIndex={0}>
      <pre>{shown(text)}</pre>
    </section>
  );
}
