/** `replace_string`. */

import { expandTemplate } from './linear-regex.js';
import type { ReplaceString } from './model.js';
import type { Run } from './run.js';
import { hasPlaceholder, normaliseText, readView, type Text, type TextPart, viewPart } from './text.js';

/**
 * Without `skip_special` the expression sees the whole value as text (see `viewText`), and what it puts in is
 * read as such text again: wildcards in it are wildcards. What it does not touch stays what it was.
 */
export function replaceString(run: Run, transformation: ReplaceString, text: Text): Text {
  return transformation.skipSpecial
    ? normaliseText(
        text.flatMap((part) => (typeof part === 'string' ? replacePart(run, transformation, part) : [part])),
      )
    : replaceWhole(run, transformation, text);
}

function replacePart(
  run: Run,
  { regex, replacement, interpretSpecial }: ReplaceString,
  part: string,
): TextPart[] {
  const out: TextPart[] = [];
  let end = 0;
  for (const match of regex.matches(part, run.budget)) {
    out.push(part.slice(end, match.start));
    const put = expandTemplate(replacement, match);
    if (interpretSpecial) out.push(...readView(put));
    else out.push(put);
    end = match.end;
  }
  out.push(part.slice(end));
  return out;
}

/** A character of a value, or a wildcard or placeholder, and where it stands in the text that is searched. */
interface Unit {
  readonly part: TextPart;
  readonly start: number;
  readonly end: number;
}

function replaceWhole(run: Run, { regex, replacement }: ReplaceString, text: Text): Text {
  const { view, units } = spread(text);
  const expand = hasPlaceholder(text);
  const out: TextPart[] = [];
  let at = 0;
  let next = 0;
  /** Text to be read again: what was put in, and halves of escapes next to it. */
  let loose = '';
  const settle = () => {
    if (loose !== '') out.push(...readView(loose, expand));
    loose = '';
  };
  const skipTo = (place: number) => {
    at = place;
    while ((units[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next++;
  };
  const keepTo = (place: number) => {
    for (let i = next; (units[i]?.start ?? place) < place; i++) {
      const { part, start, end } = units[i] as Unit;
      if (start >= at && end <= place) {
        settle();
        out.push(part);
      } else loose += view.slice(Math.max(start, at), Math.min(end, place));
    }
    skipTo(place);
  };
  for (const match of regex.matches(view, run.budget)) {
    keepTo(match.start);
    loose += expandTemplate(replacement, match);
    skipTo(match.end);
  }
  keepTo(view.length);
  settle();
  return normaliseText(out);
}

function spread(text: Text): { view: string; units: readonly Unit[] } {
  const units: Unit[] = [];
  let view = '';
  const add = (part: TextPart) => {
    const start = view.length;
    view += viewPart(part);
    units.push({ part, start, end: view.length });
  };
  for (const part of text) {
    if (typeof part === 'string') for (const char of part) add(char);
    else add(part);
  }
  return { view, units };
}
