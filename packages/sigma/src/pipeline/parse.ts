/** Reads a pipeline file. */
import { type Location, Problems } from '../errors.js';
import { kindOf } from '../parse/reader.js';
import { locate, readYaml, type YamlNode } from '../yaml.js';
import { maxPipelineItems } from './limits.js';
import type { Pipeline, PipelineItem } from './model.js';
import { fieldConditions, itemConditions, readConditions, ruleConditions } from './parse-conditions.js';
import { isTransformation, readTransformation } from './parse-transformations.js';
import { MapReader, report, Source } from './reader.js';

/**
 * The pipeline of a YAML file. Every problem goes to `problems` with its place; with an error among them the
 * result is `undefined`. Keys and types that are not known are errors. `postprocessing` and `finalizers`,
 * which are about the text of a query, are a warning: they have no effect.
 */
export function parsePipeline(file: string, text: string, problems: Problems): Pipeline | undefined {
  const found = new Problems();
  const pipeline = new PipelineReader(new Source(file, text, found)).read();
  problems.list.push(...found.list);
  return found.failed ? undefined : pipeline;
}

class PipelineReader {
  readonly #source: Source;
  #items = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  read(): Pipeline | undefined {
    const { file, text, problems } = this.#source;
    const documents = readYaml(file, text, problems);
    const [document, second] = documents;
    if (document === undefined) {
      if (!problems.failed)
        problems.error('pipeline', { file, line: 1, column: 1 }, 'the file holds no pipeline');
      return undefined;
    }
    if (second !== undefined) report(this.#source, second, 'a file holds one pipeline');
    if (document.kind !== 'map') {
      report(this.#source, document, `a pipeline is a map, not ${kindOf(document)}`);
      return undefined;
    }
    const read = new MapReader(this.#source, document, 'a pipeline');
    const name = read.text('name');
    const pipeline: Pipeline = {
      ...(name === undefined ? {} : { name }),
      priority: this.#priority(read),
      allowedBackends: read.texts('allowed_backends') ?? [],
      vars: this.#vars(read),
      items: this.#list(read, 'transformations'),
      at: locate(file, document),
    };
    for (const key of ['postprocessing', 'finalizers']) this.#withoutEffect(read, key);
    read.finish();
    return pipeline;
  }

  #priority(read: MapReader): number {
    const node = read.node('priority');
    if (node === undefined) return 0;
    if (node.kind === 'scalar' && typeof node.value === 'number' && Number.isSafeInteger(node.value))
      return node.value;
    read.error(node, '"priority" is a whole number');
    return 0;
  }

  /** Numbers are kept as they are printed. */
  #vars(read: MapReader): ReadonlyMap<string, readonly string[]> {
    const node = read.node('vars');
    const out = new Map<string, readonly string[]>();
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return out;
    if (node.kind !== 'map') {
      read.error(node, `"vars" is a map, not ${kindOf(node)}`);
      return out;
    }
    for (const [name, { value }] of node.entries) {
      const values: string[] = [];
      if (value.kind === 'list' && value.items.length === 0)
        read.error(value, `the variable "${name}" has no values`);
      for (const item of value.kind === 'list' ? value.items : [value]) {
        if (item.kind === 'scalar' && item.value !== null) values.push(String(item.value));
        else read.error(item, `the variable "${name}" holds ${kindOf(item)}: text and numbers are possible`);
      }
      out.set(name, values);
    }
    return out;
  }

  #list(read: MapReader, key: string): readonly PipelineItem[] {
    const node = read.node(key);
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
    return this.#itemsOf(node, key);
  }

  #itemsOf(node: YamlNode, key: string): readonly PipelineItem[] {
    if (node.kind !== 'list') {
      report(this.#source, node, `"${key}" is a list, not ${kindOf(node)}`);
      return [];
    }
    const out: PipelineItem[] = [];
    for (const item of node.items) {
      if (++this.#items > maxPipelineItems) {
        if (this.#items === maxPipelineItems + 1) {
          this.#source.problems.error('limit', this.#at(item), `more than ${maxPipelineItems} items`);
        }
        return out;
      }
      const read = this.#item(item);
      if (read !== undefined) out.push(read);
    }
    return out;
  }

  #item(node: YamlNode): PipelineItem | undefined {
    if (node.kind !== 'map') {
      report(this.#source, node, `an item of a pipeline is a map, not ${kindOf(node)}`);
      return undefined;
    }
    const typeNode = node.entries.get('type')?.value;
    const type =
      typeNode?.kind === 'scalar' && typeof typeNode.value === 'string' ? typeNode.value : undefined;
    const read = new MapReader(this.#source, node, type === undefined ? 'an item' : `a "${type}" item`);
    const id = read.text('id');
    read.requiredText('type');
    if (type === undefined) return undefined;
    const rule = readConditions(read, 'rule', ruleConditions);
    const item = readConditions(read, 'detection_item', itemConditions);
    const field = readConditions(read, 'field_name', fieldConditions);
    const transformation = readTransformation(read, type, (inner) => this.#itemsOf(inner, 'items'));
    // Parameters of a type that is not known cannot be told from mistakes.
    if (isTransformation(type)) read.finish();
    if (transformation === undefined) return undefined;
    return {
      ...(id === undefined || id === '' ? {} : { id }),
      transformation,
      ...(rule === undefined ? {} : { ruleConditions: rule }),
      ...(item === undefined ? {} : { itemConditions: item }),
      ...(field === undefined ? {} : { fieldConditions: field }),
      at: this.#at(node),
    };
  }

  #withoutEffect(read: MapReader, key: string): void {
    const node = read.node(key);
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return;
    if (node.kind !== 'list') report(this.#source, node, `"${key}" is a list, not ${kindOf(node)}`);
    else if (node.items.length > 0) {
      this.#source.problems.warning(
        'pipeline',
        this.#at(read.keyPlace(key)),
        `"${key}" changes the text of queries: it has no effect here`,
      );
    }
  }

  #at(place: { readonly line: number; readonly column: number }): Location {
    return locate(this.#source.file, place);
  }
}
