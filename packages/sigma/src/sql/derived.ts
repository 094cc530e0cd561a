/** A relation in which what many rules read of a table is worked out once. */
import type { Plan, Test } from '../plan.js';
import type { FieldSource, TableSource } from './fields.js';
import { dashesSql } from './string.js';
import { absentSql, presentSql } from './test.js';

/** The forms of a field that tests ask for. */
interface Use {
  raw: boolean;
  folded: boolean;
  dashed: boolean;
  present: boolean;
  absent: boolean;
}

/** Collects what plans read. */
export class Uses {
  readonly fields = new Map<string, Use>();
  keywords = false;

  add(plan: Plan): void {
    switch (plan.op) {
      case 'and':
      case 'or':
        for (const arg of plan.args) this.add(arg);
        return;
      case 'not':
        this.add(plan.arg);
        return;
      case 'keyword':
        this.keywords = true;
        return;
      case 'test':
        this.#test(plan.field, plan.test);
        return;
      case 'constant':
        return;
    }
  }

  of(field: string): Use {
    let use = this.fields.get(field);
    if (use === undefined) {
      use = { raw: false, folded: false, dashed: false, present: false, absent: false };
      this.fields.set(field, use);
    }
    return use;
  }

  #test(field: string, test: Test): void {
    const use = this.of(field);
    switch (test.kind) {
      case 'absent':
        use.absent = true;
        return;
      case 'exists':
        use.present = true;
        return;
      case 'string':
        if (test.cased) use.raw = true;
        else if (test.dash) use.dashed = true;
        else use.folded = true;
        return;
      case 'field': {
        const form = test.cased ? 'raw' : 'folded';
        use[form] = true;
        this.of(test.other)[form] = true;
        return;
      }
      default:
        use.raw = true;
    }
  }
}

/**
 * The select list of a derived relation and how it is read under the alias `b`. Its key is the column
 * `row_key`. Columns not in `uses` are left out.
 */
export function derive(
  table: TableSource,
  uses: Uses,
): { readonly columns: string[]; readonly source: TableSource } {
  const columns = [`${table.key} AS row_key`];
  const sources = new Map<string, FieldSource>();
  let number = 0;
  for (const [field, use] of uses.fields) {
    const source = table.fields(field);
    if (source === undefined) continue;
    const n = number++;
    const column = (name: string, sql: string) => {
      columns.push(`${sql} AS ${name}${n}`);
      return `b.${name}${n}`;
    };
    const { text, list } = source;
    const derived: { -readonly [key in keyof FieldSource]: FieldSource[key] } = {};
    if (text !== undefined && (use.raw || use.folded || use.dashed)) {
      const folded = source.folded ?? `lower(${text})`;
      if (use.raw) derived.text = column('t', text);
      if (use.folded) derived.folded = column('f', folded);
      if (use.dashed) derived.dashed = column('d', source.dashed ?? dashesSql(folded));
      // Forms nobody asks for are never written into a query.
      derived.text ??= derived.folded ?? (derived.dashed as string);
    }
    if (list !== undefined && (use.raw || use.folded || use.dashed)) derived.list = column('l', list);
    if (use.present) derived.present = column('p', presentSql(source));
    if (use.absent) derived.absent = column('a', absentSql(source));
    sources.set(field, derived);
  }
  const keywords: { -readonly [key in keyof TableSource]?: TableSource[key] } = {};
  if (uses.keywords) {
    const { keywordText, keywordFolded, keywordList } = table;
    if (keywordText !== undefined) {
      columns.push(
        `${keywordText} AS keyword_text`,
        `${keywordFolded ?? `lower(${keywordText})`} AS keyword_folded`,
      );
      keywords.keywordText = 'b.keyword_text';
      keywords.keywordFolded = 'b.keyword_folded';
    }
    if (keywordList !== undefined) {
      columns.push(`${keywordList} AS keyword_list`);
      keywords.keywordList = 'b.keyword_list';
    }
  }
  return {
    columns,
    source: { relation: 'base b', key: 'b.row_key', fields: (field) => sources.get(field), ...keywords },
  };
}
