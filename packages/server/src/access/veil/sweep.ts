/**
 * The second line of defence: goes through any text for whatever tells who somebody is, and puts a pseudonym or a mark in
 * its place. One pass over the words of a text, whatever the number of things looked for.
 */
import type { PersonRow } from '../../model/services.js';
import { fold, folded, tokens, unspaced } from './fold.js';
import type { Known, Telling } from './known.js';
import { kindWords, type Marks } from './marks.js';

interface Wanted {
  /** Folded; begins with a letter or digit. */
  text: string;
  /** What stands before that in the value, such as the plus of a phone number. */
  before: string;
  put: string;
  /** A word of ordinary language too: in our own sentences only with a capital. */
  ordinary: boolean;
  /** One word of a name of several. */
  part?: true;
}

/** `sentence`: made by detections and the engine around values. `data`: as it came from a source. */
export type Texts = 'sentence' | 'data';

// Begun at the beginning of a run only: from each of its letters anew, a long one would take minutes.
const mail = /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

const patterns: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi, kindWords.gateway_mac],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?(?!\w)/gi, kindWords.egress_ip],
  [/(?<![\w:])[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}(?![\w:])/gi, kindWords.egress_ip],
  [/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g, kindWords.egress_ip],
  [/\+\d[\d ().-]{5,}\d/g, kindWords.phone],
  [/\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b/g, kindWords.phone],
  [/\b[0-9a-f]{16,}\b/gi, 'mark'],
];

/** What names of towns begin with that go on with a saint's name, folded. */
const ofAPlace = /(?:^|[^\p{L}])(?:san|santa|santo|sao|saint|st\.?|los|las) $/u;

export class Sweep {
  private readonly words = new Map<string, Wanted[]>();
  private readonly runs: Wanted[] = [];
  private readonly done = { sentence: new Map<string, string>(), data: new Map<string, string>() };
  /** Values that belong to somebody who is open: they stay. */
  private readonly shown = new Set<string>();

  constructor(
    private readonly options: {
      known: Known | undefined;
      marks: Marks;
      row(id: string): PersonRow | undefined;
      isOpen(id: string): boolean;
      pseudonym(id: string): string;
      handle(id: string): string;
      /** Words of ordinary language, folded. */
      ordinary: ReadonlySet<string>;
      /** Whether contacts and addresses of nobody in particular are hidden too. */
      strict: boolean;
    },
  ) {}

  /** Of somebody open: these stay, also where a veiled person has the same. */
  show(tellings: readonly Telling[]): void {
    for (const one of tellings) this.shown.add(one.text);
  }

  isShown(value: string): boolean {
    return this.shown.has(folded(value).trim());
  }

  hide(tellings: readonly Telling[]): void {
    for (const one of tellings) {
      if (this.shown.has(one.text)) continue;
      if (this.options.ordinary.has(one.text)) continue;
      this.want(one.text, this.options.marks.of(one.word, one.value));
    }
  }

  /** A value of a row that is not shown is not shown in the sentence about the row either. */
  hideValue(value: string, put: string): void {
    const text = folded(value).trim();
    if (text.length < 3 || /^\d{1,4}$/.test(text) || this.shown.has(text) || this.options.ordinary.has(text))
      return;
    this.want(text, put);
  }

  hidePeople(people: readonly { id: string; name: string }[], openNames: ReadonlySet<string>): void {
    const parts = new Map<string, string>();
    for (const { id, name } of people) {
      const pseudonym = this.options.pseudonym(id);
      this.want(folded(name).trim(), pseudonym);
      const words = folded(name).match(tokens) ?? [];
      if (words.length > 1) this.want(words.join(' '), pseudonym);
      for (const word of words)
        if (((word.match(/\p{L}/gu)?.length ?? 0) >= 3 || unspaced.test(word)) && !openNames.has(word))
          // A name that several have is nobody's in particular.
          parts.set(word, parts.has(word) && parts.get(word) !== pseudonym ? 'somebody' : pseudonym);
      if (id.length >= 4) this.want(folded(id), this.options.handle(id));
    }
    for (const [part, put] of parts) this.want(part, put, this.options.ordinary.has(part), true);
  }

  showId(id: string): void {
    if (id.length >= 4) this.want(folded(id), this.options.handle(id));
  }

  private want(text: string, put: string, ordinary = false, part = false): void {
    if (text === '') return;
    if (unspaced.test(text)) {
      this.runs.push({ text, before: '', put, ordinary: false });
      return;
    }
    tokens.lastIndex = 0;
    const first = tokens.exec(text);
    tokens.lastIndex = 0;
    if (!first) return;
    const wanted: Wanted = {
      text: text.slice(first.index),
      before: text.slice(0, first.index),
      put,
      ordinary,
      ...(part ? { part } : {}),
    };
    const list = this.words.get(first[0]);
    if (!list) this.words.set(first[0], [wanted]);
    else if (!list.some((one) => one.text === wanted.text)) {
      const place = list.findIndex((one) => one.text.length < wanted.text.length);
      list.splice(place < 0 ? list.length : place, 0, wanted);
    }
    this.done.sentence.clear();
    this.done.data.clear();
  }

  text(value: string, texts: Texts = 'data'): string {
    if (value === '') return value;
    const before = this.done[texts].get(value);
    if (before !== undefined) return before;
    const swept = tidy(this.patterns(this.wordsOf(this.mails(value), texts)));
    this.done[texts].set(value, swept);
    return swept;
  }

  private wordsOf(value: string, texts: Texts): string {
    const { text, at } = fold(value);
    let out = '';
    let copied = 0;
    let until = 0;
    tokens.lastIndex = 0;
    // `matchAll` keeps a place of its own, so that what is called in between may use the same expression.
    for (const match of text.matchAll(tokens)) {
      const [token] = match;
      const { index } = match;
      if (index < until) continue;
      const hit = this.wantedAt(text, token, index, value, at, texts) ?? this.nameAt(text, token, index);
      if (!hit) continue;
      const from = at(index - hit.before);
      out += value.slice(copied, from) + hit.put;
      until = index + hit.length;
      copied = at(until);
    }
    out = copied === 0 ? value : out + value.slice(copied);
    for (const run of this.runs) {
      const { text: now, at: place } = fold(out);
      let found = now.indexOf(run.text);
      if (found < 0) continue;
      let made = '';
      let last = 0;
      while (found >= 0) {
        made += out.slice(last, place(found)) + run.put;
        last = place(found + run.text.length);
        found = now.indexOf(run.text, found + run.text.length);
      }
      out = made + out.slice(last);
    }
    return out;
  }

  private wantedAt(
    text: string,
    token: string,
    index: number,
    value: string,
    at: (place: number) => number,
    texts: Texts,
  ): { put: string; length: number; before: number } | undefined {
    const list = this.words.get(token);
    if (!list) return undefined;
    for (const one of list) {
      if (!text.startsWith(one.text, index)) continue;
      const end = index + one.text.length;
      if (isWord(text, end) && isWord(text, end - 1)) continue;
      if (one.ordinary && texts === 'sentence') {
        const capital = value.charAt(at(index));
        if (capital === capital.toLowerCase()) continue;
      }
      // “San Jose” tells nobody that somebody here is called Jose; with a pseudonym in it, it would.
      if (one.part && texts === 'sentence' && ofAPlace.test(text.slice(Math.max(0, index - 7), index)))
        continue;
      const before = one.before !== '' && text.startsWith(one.before, index - one.before.length);
      return { put: one.put, length: one.text.length, before: before ? one.before.length : 0 };
    }
    return undefined;
  }

  /** The full name, or the work e-mail, of anybody on record. */
  private nameAt(
    text: string,
    token: string,
    index: number,
  ): { put: string; length: number; before: number } | undefined {
    const { known, isOpen, pseudonym } = this.options;
    const longest = known?.firsts.get(token);
    if (!known || !longest) return undefined;
    const ends: number[] = [];
    const words: string[] = [];
    const rest = text.slice(index, index + 120);
    for (const match of rest.matchAll(tokens)) {
      words.push(match[0]);
      ends.push(match.index + match[0].length);
      if (words.length === longest) break;
    }
    for (let length = words.length; length > 1; length--) {
      const ids = known.names.get(words.slice(0, length).join(' '));
      if (!ids) continue;
      if (ids.some(isOpen)) return undefined;
      return {
        put: ids.length === 1 ? pseudonym(ids[0] as string) : 'somebody',
        length: ends[length - 1] as number,
        before: 0,
      };
    }
    return undefined;
  }

  /** Before names are looked for, which stand inside addresses too. */
  private mails(text: string): string {
    if (!text.includes('@')) return text;
    const { known, isOpen, pseudonym, strict, marks } = this.options;
    return text.replace(mail, (found) => {
      const plain = folded(found);
      if (this.shown.has(plain)) return found;
      const owner = known?.mails.get(plain);
      if (owner !== undefined) return isOpen(owner) ? found : pseudonym(owner);
      // Where the one it is about is open, what belongs to nobody on record stays.
      return strict ? marks.of(kindWords.email, found) : found;
    });
  }

  private patterns(text: string): string {
    if (!this.options.strict || !/\d/.test(text)) return text;
    let out = text;
    for (const [pattern, word] of patterns)
      out = out.replace(pattern, (found) =>
        this.shown.has(folded(found)) ? found : this.options.marks.of(word, found),
      );
    return out;
  }
}

/** A sentence that says itself what the value is says it once: “their e-mail address K7QF2”, “laptop K7QF2”. */
function tidy(text: string): string {
  return text
    .replace(/(?<![\p{L}\p{N}_-])(\p{L}[\p{L}-]*(?: \p{L}[\p{L}-]*)?) \1 (?=[0-9A-Z]{5}\b)/giu, '$1 ')
    .replace(/\b(laptop|browser|machine|computer) device (?=[0-9A-Z]{5}\b)/giu, '$1 ');
}

function isWord(text: string, place: number): boolean {
  const character = text.charAt(place);
  return character !== '' && /[\p{L}\p{N}]/u.test(character);
}
