/** Reads typed values out of a YAML tree and reports, with its place, whatever is not as it should be. */
import type { Location, ProblemCode, Problems } from '../errors.js';
import { locate, type Place, type YamlEntry, type YamlMap, type YamlNode } from '../yaml.js';

/** The reader of one document. */
export class DocumentReader {
  constructor(
    readonly file: string,
    readonly problems: Problems,
  ) {}

  at(place: Place): Location {
    return locate(this.file, place);
  }

  error(code: ProblemCode, place: Place, message: string): void {
    this.problems.error(code, this.at(place), message);
  }

  warning(code: ProblemCode, place: Place, message: string): void {
    this.problems.warning(code, this.at(place), message);
  }

  /** Text of an entry, if it is there. Numbers and booleans are taken as written by YAML. */
  text(map: YamlMap, key: string): string | undefined {
    const entry = map.entries.get(key);
    if (entry === undefined) return undefined;
    const { value } = entry;
    if (value.kind === 'scalar') return value.value === null ? undefined : String(value.value);
    this.error('type', value, `"${key}" must be text`);
    return undefined;
  }

  /** Texts of an entry: a list, or one value standing for a list of one. */
  texts(map: YamlMap, key: string): readonly string[] {
    const entry = map.entries.get(key);
    if (entry === undefined) return [];
    return this.placedTexts(entry, key).map(({ text }) => text);
  }

  /** The same, each with its place. */
  placedTexts(entry: YamlEntry, key: string): readonly { text: string; place: Place }[] {
    const node = entry.value;
    const items = node.kind === 'list' ? node.items : [node];
    const out: { text: string; place: Place }[] = [];
    for (const item of items) {
      if (item.kind !== 'scalar') this.error('type', item, `"${key}" must hold text`);
      else if (item.value !== null) out.push({ text: String(item.value), place: item });
    }
    return out;
  }

  /** A mandatory map. */
  map(map: YamlMap, key: string): YamlMap | undefined {
    const entry = map.entries.get(key);
    if (entry === undefined) {
      this.error('missing', map, `"${key}" is missing`);
      return undefined;
    }
    if (entry.value.kind === 'map') return entry.value;
    this.error('type', entry.key, `"${key}" must be a map`);
    return undefined;
  }
}

/** A short name of what a node is, for messages. */
export function kindOf(node: YamlNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  return node.value === null ? 'null' : typeof node.value === 'string' ? 'text' : `a ${typeof node.value}`;
}
