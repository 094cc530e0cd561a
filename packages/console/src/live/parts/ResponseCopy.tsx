import { useRef, useState } from 'react';
import { shown } from '../../format.js';

/** A command to copy. Where the browser gives no clipboard, its text is selected instead. */
export function Copy({ text, label }: { text: string; label: string }) {
  const block = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      if (block.current) window.getSelection()?.selectAllChildren(block.current);
      setSaid('Selected: press Ctrl+C');
    }
  };
  return (
    <div className="copy">
      <pre ref={block}>{shown(text)}</pre>
      <p>
        <button
          type="button"
          className="quiet-button"
          aria-label={`Copy: ${label}`}
          onClick={() => void copy()}
        >
          Copy
        </button>{' '}
        <span role="status">{said}</span>
      </p>
    </div>
  );
}
