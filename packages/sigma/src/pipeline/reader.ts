/** Reads typed parameters out of the YAML of a pipeline, and reports, with its place, what is not right. */
import type { Location, Problems } from '../errors.js';
import type { Scalar } from '../event.js';
import { kindOf } from '../parse/reader.js';
import { locate, type Place, toData, type YamlMap, type YamlNode, type YamlScalar } from '../yaml.js';
import { LinearRegex } from './linear-regex.js';

/** The file a pipeline is read from. */
export class Source {
  #lines: readonly string[] | undefined;

  constructor(
    readonly file: string,
    readonly text: string,
    readonly problems: Problems,
  ) {}

  /** The character at a place, empty behind the end of a line. */
  charAt({ line, column }: Place): string {
    this.#lines ??= this.text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
    return this.#lines[line - 1]?.[column - 1] ?? '';
  }
}

export function report(source: Source, place: Place, message: string): void {
  source.problems.error('pipeline', locate(source.file, place), message);
}

/**
 * One map. Every key is asked for by name; `finish` reports those nobody asked for. Methods give `undefined`
 * for what is absent and for what is wrong, which they report.
 */
export class MapReader {
  readonly #asked = new Set<string>();

  constructor(
    readonly source: Source,
    readonly map: YamlMap,
    /** What the map is, for messages. */
    readonly what: string,
  ) {}

  at(place: Place = this.map): Location {
    return locate(this.source.file, place);
  }

  error(place: Place, message: string): undefined {
    report(this.source, place, message);
  }

  node(key: string): YamlNode | undefined {
    this.#asked.add(key);
    return this.map.entries.get(key)?.value;
  }

  has(key: string): boolean {
    return this.map.entries.has(key);
  }

  /** A mandatory entry. */
  required(key: string): YamlNode | undefined {
    return this.node(key) ?? this.error(this.map, `${this.what} needs "${key}"`);
  }

  keyPlace(key: string): Place {
    return this.map.entries.get(key)?.key ?? this.map;
  }

  text(key: string): string | undefined {
    const node = this.node(key);
    return node && this.textOf(node, key);
  }

  requiredText(key: string): string | undefined {
    const node = this.required(key);
    return node && this.textOf(node, key);
  }

  textOf(node: YamlNode, key: string): string | undefined {
    if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
    return this.error(node, `"${key}" must be text, not ${kindOf(node)}`);
  }

  /** Text or a list of texts; never empty. */
  texts(key: string): readonly string[] | undefined {
    const node = this.node(key);
    return node && this.textsOf(node, key);
  }

  requiredTexts(key: string): readonly string[] | undefined {
    const node = this.required(key);
    return node && this.textsOf(node, key);
  }

  textsOf(node: YamlNode, key: string): readonly string[] | undefined {
    if (node.kind !== 'list') {
      const text = this.textOf(node, key);
      return text === undefined ? undefined : [text];
    }
    if (node.items.length === 0) return this.error(node, `"${key}" is an empty list`);
    const texts = node.items.map((item) => this.textOf(item, key));
    return texts.every((text) => text !== undefined) ? texts : undefined;
  }

  flag(key: string): boolean {
    const node = this.node(key);
    if (node === undefined) return false;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.error(node, `"${key}" is true or false`);
    return false;
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    const value = node.kind === 'scalar' ? node.value : undefined;
    return (
      choices.find((choice) => choice === value) ??
      this.error(node, `"${key}" is one of ${choices.join(', ')}`)
    );
  }

  requiredChoice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    return this.required(key) && this.choice(key, choices);
  }

  /** A text, number or boolean. */
  requiredScalar(key: string): { readonly value: Scalar; readonly node: YamlScalar } | undefined {
    const node = this.required(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && node.value !== null) return { value: node.value, node };
    return this.error(node, `"${key}" must be text, a number, true or false, not ${kindOf(node)}`);
  }

  /** Any YAML as plain data. */
  requiredData(key: string): unknown {
    const node = this.required(key);
    return node === undefined ? undefined : toData(node);
  }

  /** A map of names to a text or a list of texts, in the order written. */
  mapping(key: string, node: YamlNode): Map<string, readonly string[]> | undefined {
    if (node.kind !== 'map') return this.error(node, `"${key}" must be a map, not ${kindOf(node)}`);
    const out = new Map<string, readonly string[]>();
    let wrong = false;
    for (const [name, { value }] of node.entries) {
      const texts = this.textsOf(value, name);
      if (texts === undefined) wrong = true;
      else out.set(name, texts);
    }
    return wrong ? undefined : out;
  }

  requiredRegex(key: string): LinearRegex | undefined {
    const node = this.required(key);
    const text = node && this.textOf(node, key);
    return node === undefined || text === undefined ? undefined : this.regex(node, key, text);
  }

  regex(place: Place, key: string, text: string): LinearRegex | undefined {
    try {
      return new LinearRegex(text);
    } catch (error) {
      return this.error(
        place,
        `"${key}" cannot be run: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  finish(): void {
    for (const [key, entry] of this.map.entries) {
      if (!this.#asked.has(key)) this.error(entry.key, `"${key}" is no part of ${this.what}`);
    }
  }
}
