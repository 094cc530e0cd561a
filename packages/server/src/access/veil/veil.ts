/**
 * What somebody may see of a result. The first line of defence goes by what a field is: names become pseudonyms,
 * contacts become marks, documents are withheld. The second goes through every text that is left (`sweep.ts`).
 */
import type {
  PersonDocument,
  PersonPassage,
  PersonResult,
  Place,
  Ring,
  SignalResult,
  TimelineEntry,
} from '@rollcall/engine/model/result.js';
import { isHarmless, isMachine, isPlace, plainColumn, wordFor } from './columns.js';
import { kindWords, type Marks } from './marks.js';
import type { Sweep, Texts } from './sweep.js';

type Cell = string | number | boolean | null;
interface Rows {
  columns: string[];
  rows: Cell[][];
}

export interface Veiling {
  sweep: Sweep;
  marks: Marks;
  isOpen(id: string): boolean;
  /** Also of people who are named here and are on nobody's record. */
  isPerson(id: string): boolean;
  handle(id: string): string;
  called(person: { id: string; name: string }, open: boolean): string;
  /** Somebody of whom only a name is given, as managers are: by name only where they are open, or on nobody's record. */
  byName(name: string): string;
  /** IT staff, who must find a machine. */
  machines: boolean;
}

/** What content says, the same for everybody: no value of anybody stands in it. */
const fixed = new Set([
  'detection',
  'version',
  'stage',
  'facet',
  'facets',
  'why',
  'sources',
  'innocent',
  'fairness',
  'attack',
  'band',
  'engagement',
  'kind',
  'handle',
  'missing',
  'enabledBy',
  'catalogue',
  'sha256',
  'hash',
]);

/** Where ids of people stand alone. */
const idKeys = new Set(['person', 'other', 'a', 'b', 'personId', 'person_id']);

/** Texts that detections and the engine make. */
const sentences = new Set([
  'says',
  'label',
  'note',
  'bandReason',
  'next',
  'unknown',
  'title',
  'reason',
  'silences',
  'against',
  'check',
  'notes',
  'doubts',
]);

const withheld =
  'What the document says is shown to whoever may see this person by name: open a case with a reason.';
const passageWithheld = 'The wording is shown to whoever may see this person by name.';

export class Veil {
  constructor(private readonly with_: Veiling) {}

  any(value: unknown, key = ''): unknown {
    if (typeof value === 'string') return this.string(value, key);
    if (Array.isArray(value)) return value.map((one) => this.any(one, key));
    if (typeof value !== 'object' || value === null) return value;
    if (isPersonResult(value)) return this.person(value);
    if (isRing(value)) return this.ring(value);
    if (isRows(value)) return this.rows(value, key === 'evidence');
    const node = value as Record<string, unknown>;
    const { id, name } = node;
    if (typeof id === 'string' && typeof name === 'string' && this.with_.isPerson(id))
      return this.named(node, id);
    return this.plain(this.valueOf(node));
  }

  private plain(node: Record<string, unknown>): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    // What is behind a sentence is gone through before the sentence: what it does not show, that does not say.
    const keys = Object.keys(node);
    const before = keys.filter((key) => key === 'evidence' || key === 'value' || key === 'people');
    const done = new Map<string, unknown>(before.map((key) => [key, this.any(node[key], key)]));
    for (const key of keys)
      made[key] = done.has(key)
        ? done.get(key)
        : fixed.has(key) && !this.isIdList(node[key])
          ? node[key]
          : this.any(node[key], key);
    return made;
  }

  private isIdList(value: unknown): boolean {
    return typeof value === 'string' && this.with_.isPerson(value);
  }

  /** Somebody with their name, and whatever else is said of them in the same place. */
  private named(node: Record<string, unknown>, id: string): Record<string, unknown> {
    if (this.with_.isOpen(id)) {
      const { id: _, name, workEmail, manager, ...rest } = node;
      return {
        id: this.with_.handle(id),
        name: this.with_.called({ id, name: String(name) }, true),
        ...(workEmail === undefined ? {} : { workEmail }),
        ...(typeof manager === 'string' ? { manager: this.with_.byName(manager) } : {}),
        ...this.plain(rest),
      };
    }
    const { id: _, name: __, workEmail: ___, manager: ____, ...rest } = node;
    return {
      id: this.with_.handle(id),
      name: this.with_.called({ id, name: '' }, false),
      ...this.plain(rest),
    };
  }

  /** A shared value that stands in the open: its label, where it is one of somebody veiled. */
  private valueOf(node: Record<string, unknown>): Record<string, unknown> {
    const { kind, label } = node;
    if (typeof kind === 'string' && typeof label === 'string' && kind in kindWords && !this.isShown(label))
      return { ...node, label: this.mark(kindWords[kind as keyof typeof kindWords], label) };
    const { value } = node;
    if (typeof value === 'string' && 'accountsFor' in node && !this.isShown(value))
      return { ...node, value: this.mark('value', value) };
    if (typeof node.policy === 'string' && this.text(node.policy) !== node.policy)
      return { ...node, policy: 'Shown to whoever may see these people by name.' };
    return node;
  }

  private string(value: string, key: string): string {
    if (this.with_.isPerson(value) && (idKeys.has(key) || value.length > 2)) return this.with_.handle(value);
    return this.text(value, sentences.has(key) ? 'sentence' : 'data');
  }

  private text(value: string, texts: Texts = 'data'): string {
    return this.with_.sweep.text(value, texts);
  }

  private isShown(value: string): boolean {
    return this.with_.sweep.isShown(value);
  }

  /** A mark instead of a value; sentences do not say the value either. */
  private mark(word: string, value: string): string {
    const put = this.with_.marks.of(word, value);
    this.with_.sweep.hideValue(value, put);
    return put;
  }

  // People

  person(person: PersonResult): PersonResult {
    return this.with_.isOpen(person.id) ? this.openPerson(person) : this.veiledPerson(person);
  }

  private openPerson(person: PersonResult): PersonResult {
    const signals = person.signals.map((signal) => this.signal(signal, false));
    const { id, name, manager, workEmail, documents, passages, signals: _, ...rest } = person;
    return {
      ...(this.plain(rest) as Omit<typeof person, 'id' | 'name' | 'signals' | 'documents' | 'passages'>),
      id: this.with_.handle(id),
      name: this.with_.called({ id, name }, true),
      ...(manager === undefined ? {} : { manager: this.with_.byName(manager) }),
      ...(workEmail === undefined ? {} : { workEmail }),
      signals,
      documents: documents.map((one) => this.plain({ ...one }) as unknown as PersonDocument),
      passages: passages.map((one) => this.passage(one, false)),
    };
  }

  private veiledPerson(person: PersonResult): PersonResult {
    const { marks } = this.with_;
    // Values first: what is masked here is masked in every sentence that follows.
    const identifiers = person.identifiers.map((one) => ({
      ...one,
      label: this.isShown(one.label) ? one.label : this.mark(kindWords[one.kind] ?? 'value', one.label),
      context: this.text(one.context),
      source: this.text(one.source),
      sharedWith: one.sharedWith.map((other) => this.who(other)),
      ...(one.common === undefined ? {} : { common: this.text(one.common, 'sentence') }),
    }));
    const devices = person.devices.map((device) => {
      const { hostname, serial, ...rest } = device;
      for (const value of [hostname, serial])
        if (value) this.with_.sweep.hideValue(value, marks.of('device', value));
      return {
        ...rest,
        id: marks.of('device', device.serial ?? device.id),
        notes: device.notes.map((note) => this.text(note, 'sentence')),
      };
    });
    const accounts = person.accounts.map((one) => ({
      account: this.mark('account', one.account),
      source: this.text(one.source),
      basis: one.basis,
    }));
    const documents = person.documents.map((one) => this.document(one));
    const passages = person.passages.map((one) => this.passage(one, true));
    const signals = person.signals.map((signal) => this.signal(signal, true));
    const { workEmail: _, manager: __, ...rest } = person;
    return {
      ...rest,
      id: this.with_.handle(person.id),
      name: this.with_.called(person, false),
      ...(person.title === undefined ? {} : { title: this.text(person.title) }),
      ...(person.department === undefined ? {} : { department: this.text(person.department) }),
      ...(person.vendor === undefined ? {} : { vendor: this.text(person.vendor) }),
      ...(person.claimed === undefined ? {} : { claimed: this.place(person.claimed) }),
      bandReason: this.text(person.bandReason, 'sentence'),
      waterfall: person.waterfall.map((step) => ({
        ...step,
        label: this.text(step.label, 'sentence'),
        ...(step.note === undefined ? {} : { note: this.text(step.note, 'sentence') }),
      })),
      signals,
      identifiers,
      devices,
      accounts,
      timeline: person.timeline.map((entry) => this.entry(entry)),
      documents,
      passages,
      next: person.next.map((one) => this.text(one, 'sentence')),
      unknown: person.unknown.map((one) => this.text(one, 'sentence')),
    };
  }

  private who<T extends { id: string; name: string }>(one: T): T {
    return {
      ...one,
      id: this.with_.handle(one.id),
      name: this.with_.called(one, this.with_.isOpen(one.id)),
    };
  }

  private signal(signal: SignalResult, veiled: boolean): SignalResult {
    const evidence = {
      ...this.rows(
        signal.evidence,
        veiled,
        signal.others.some((id) => !this.with_.isOpen(id)),
      ),
      total: signal.evidence.total,
    };
    return {
      ...signal,
      evidence,
      says: this.text(signal.says, 'sentence'),
      others: signal.others.map((id) => this.with_.handle(id)),
      ...(signal.explained
        ? {
            explained: {
              ...signal.explained,
              id: this.text(signal.explained.id),
              by: this.text(signal.explained.by),
              reason: this.text(signal.explained.reason),
            },
          }
        : {}),
    };
  }

  /** Rows behind a sentence. `deny`: of what is not known to be harmless, only a word and a mark. */
  private rows<T extends Rows>(evidence: T, deny: boolean, othersVeiled = false): T {
    const columns = evidence.columns.map(plainColumn);
    return {
      ...evidence,
      rows: evidence.rows.map((row) =>
        row.map((cell, i) => this.cell(cell, columns[i] ?? '', deny, othersVeiled)),
      ),
    };
  }

  private cell(cell: Cell, column: string, deny: boolean, othersVeiled: boolean): Cell {
    if (typeof cell === 'number' && this.with_.isPerson(String(cell)) && String(cell).length > 4)
      return this.with_.handle(String(cell));
    if (typeof cell !== 'string' || cell === '') return cell;
    if (this.with_.isPerson(cell)) return this.with_.handle(cell);
    if (isTime(cell) || this.isShown(cell)) return cell;
    const swept = this.text(cell);
    const hide = deny || (othersVeiled && column.startsWith('other_'));
    if (!hide) return swept;
    // A machine by its name or serial; whatever else stands there is gone through.
    if (this.with_.machines && isMachine(column)) return /^[\w.-]+$/.test(cell) ? cell : swept;
    if (isHarmless(column)) {
      // A house with its number is more than a place.
      if (isPlace(column) && /\d/.test(swept)) return this.mark('address', cell);
      const machine = swept === cell && /(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{8,}/.test(cell);
      return machine && !this.with_.machines ? this.mark('device', cell) : swept;
    }
    // Only people and commas are left of it: that can be read.
    if (
      swept !== cell &&
      swept.replace(/Person [0-9A-Z]{4}-[0-9A-Z]+/g, '').replace(/[\s,;]|\band\b/g, '') === ''
    )
      return swept;
    return this.mark(wordFor(column), cell);
  }

  private entry(entry: TimelineEntry): TimelineEntry {
    const { place, network, ...rest } = entry;
    return {
      ...rest,
      label: this.happened(entry),
      ...(place === undefined ? {} : { place: this.place(place) }),
      ...(network === undefined ? {} : { network: this.text(network) }),
      source: this.text(entry.source),
    };
  }

  /** What happened, without what the source adds: names of files, addresses, who changed what to what. */
  private happened({ label, kind }: TimelineEntry): string {
    const colon = label.indexOf(': ');
    if (colon < 0) return this.text(label, 'sentence');
    const head = label.slice(0, colon);
    const tail = label.slice(colon + 2);
    const keep = /^\d+ different$/.test(tail) || kind === 'life' || head === 'Signed in';
    if (keep) return this.text(label, 'sentence');
    if (kind === 'check')
      return this.text(
        tail.split(': ').length > 2 ? `${head}: ${tail.split(': ').slice(0, 2).join(': ')}` : label,
        'sentence',
      );
    if (kind === 'profile') {
      const what = /^[a-z ]{3,40}(?=: )/.exec(tail)?.[0];
      return this.text(what === undefined ? head : `${head}: ${what}`, 'sentence');
    }
    return this.text(head, 'sentence');
  }

  private place(place: Place): Place {
    const label = /\d/.test(place.label)
      ? [place.city, place.region, place.country]
          .filter((part) => part !== undefined && part !== '')
          .join(', ') || 'a place'
      : place.label;
    return { ...place, label: this.text(label) };
  }

  private document(document: PersonDocument): PersonDocument {
    const { marks } = this.with_;
    return {
      ...document,
      document: marks.of('file', document.document),
      file: marks.of('file', document.file),
      text: withheld,
      cut: false,
      claims: [],
      traces: document.traces
        .filter((trace) => ['tool', 'created', 'modified', 'saves', 'scan', 'active'].includes(trace.kind))
        .map(({ detail: _, ...trace }) => ({ ...trace, value: this.text(trace.value) })),
    };
  }

  private passage(passage: PersonPassage, veiled: boolean): PersonPassage {
    const { marks } = this.with_;
    const otherVeiled = !this.with_.isOpen(passage.other.id);
    return {
      ...passage,
      passage: veiled || otherVeiled ? marks.of('wording', passage.passage) : passage.passage,
      other: this.who(passage.other),
      ...(veiled ? { document: marks.of('file', passage.document), text: passageWithheld } : {}),
      ...(otherVeiled
        ? {
            otherDocument: marks.of('file', passage.otherDocument),
            otherFile: marks.of('file', passage.otherFile),
            otherText: passageWithheld,
          }
        : {}),
    };
  }

  // Rings

  private ring(ring: Ring): Ring {
    // A value that one who is open has too stands on their own page.
    for (const edge of ring.edges)
      if (this.with_.isOpen(edge.a) || this.with_.isOpen(edge.b))
        this.with_.sweep.show([
          { text: edge.label.normalize('NFKD').toLowerCase(), word: '', value: edge.label },
        ]);
    const labels = new Map<string, string>();
    for (const edge of ring.edges)
      if (!labels.has(edge.label))
        labels.set(
          edge.label,
          this.isShown(edge.label) ? edge.label : this.mark(kindWords[edge.kind] ?? 'value', edge.label),
        );
    return {
      ...ring,
      title: this.text(ring.title, 'sentence'),
      says: this.text(ring.says, 'sentence'),
      members: ring.members.map((one) => this.who(one)),
      edges: ring.edges.map((edge) => ({
        ...edge,
        a: this.with_.handle(edge.a),
        b: this.with_.handle(edge.b),
        label: labels.get(edge.label) ?? edge.label,
        says: this.text(edge.says, 'sentence'),
        contexts: edge.contexts.map((context) => this.text(context)),
      })),
      between: ring.between.map((one) => ({
        ...this.who(one),
        says: one.says.map((sentence) => this.text(sentence, 'sentence')),
      })),
      history: ring.history.map((entry) => ({
        ...entry,
        people: entry.people.map((id) => this.with_.handle(id)),
        reason: this.text(entry.reason, 'sentence'),
      })),
      byHand: ring.byHand.map((one) => ({
        ...one,
        reason: this.text(one.reason),
      })),
    };
  }
}

function isPersonResult(value: object): value is PersonResult {
  return 'waterfall' in value && 'signals' in value && 'identifiers' in value && 'timeline' in value;
}

function isRing(value: object): value is Ring {
  return 'members' in value && 'edges' in value && 'byHand' in value && 'history' in value;
}

function isRows(value: object): value is Rows {
  return 'columns' in value && 'rows' in value && Array.isArray((value as Rows).rows);
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text);
}
