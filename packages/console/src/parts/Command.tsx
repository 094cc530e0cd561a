import { shown } from '../format.js';
import { command } from './shell.js';

/** A line to run in a shell; one click selects all of it. */
export function Command({ words }: { words: readonly string[] }) {
  return <code className="command">{shown(command(...words))}</code>;
}
