/**
 * As much of style sheets as is needed to tell whether text can be seen. Rules with selectors beyond types, classes, ids
 * and descendants are not applied; where such a rule could show what another hides, that is known to be unknown.
 */
export interface Sheet {
  /** Declarations of every rule that fits, the ones that win last. */
  declarations(path: readonly CssElement[]): ReadonlyMap<string, string>;
  /** Something could not be worked out: rules left out, other sheets named, too many rules. */
  partly: boolean;
}

export interface CssElement {
  name: string;
  id: string | undefined;
  classes: readonly string[];
}

interface Compound {
  name?: string;
  ids: string[];
  classes: string[];
  /** A direct child of what stands before it. */
  child: boolean;
}

interface Rule {
  /** From the outermost to the element itself. */
  compounds: Compound[];
  weight: number;
  declarations: [string, string][];
}

/** What decides whether text shows. */
const relevant =
  /^(?:display|visibility|opacity|font-size|color|background|background-color|background-image|position|left|top|right|bottom|text-indent|margin-left|margin-top|clip|clip-path|transform)$/;
const mostRules = 5_000;
/** Comparisons of an element with a rule, over a page. */
const mostWork = 5_000_000;

export function readSheets(texts: readonly string[]): Sheet {
  const byKey = new Map<string, Rule[]>();
  /** Classes, ids and types that a rule which is not understood might show again. */
  const unsure = new Set<string>();
  const sheet = { partly: false };
  let count = 0;
  for (const text of texts)
    for (const [selectors, body] of rulesOf(text, sheet)) {
      const declarations = declarationsOf(body).filter(([name]) => relevant.test(name));
      if (declarations.length === 0) continue;
      for (const selector of selectors.split(',')) {
        const compounds = compoundsOf(selector);
        if (!compounds) {
          if (
            /:(?:hover|focus|active|visited|link|before|after|:|target|root|selection|placeholder|marker)/.test(
              selector,
            )
          )
            continue;
          sheet.partly = true;
          for (const [token] of selector.matchAll(/[.#]?[\w-]+/g)) unsure.add(token);
          continue;
        }
        if (++count > mostRules) {
          sheet.partly = true;
          break;
        }
        const last = compounds.at(-1) as Compound;
        const rule = { compounds, weight: weightOf(compounds) * mostRules + count, declarations };
        const key =
          last.ids[0] !== undefined
            ? `#${last.ids[0]}`
            : last.classes[0] !== undefined
              ? `.${last.classes[0]}`
              : (last.name ?? '*');
        const list = byKey.get(key) ?? [];
        if (list.length === 0) byKey.set(key, list);
        list.push(rule);
      }
    }
  let work = mostWork;
  const none: ReadonlyMap<string, string> = new Map();
  return {
    get partly() {
      return sheet.partly;
    },
    declarations(path) {
      const element = path.at(-1);
      if (!element || byKey.size === 0) return none;
      const keys = [
        '*',
        element.name,
        ...element.classes.map((one) => `.${one}`),
        ...(element.id ? [`#${element.id}`] : []),
      ];
      if (keys.some((key) => unsure.has(key))) return none;
      const fitting: Rule[] = [];
      for (const key of new Set(keys))
        for (const rule of byKey.get(key) ?? []) {
          work -= rule.compounds.length * 4;
          if (work < 0) {
            sheet.partly = true;
            return none;
          }
          if (fits(rule.compounds, path, rule.compounds.length - 1, path.length - 1)) fitting.push(rule);
        }
      fitting.sort((a, b) => a.weight - b.weight);
      const won = new Map<string, string>();
      for (const important of [false, true])
        for (const { declarations } of fitting)
          for (const [name, value] of declarations)
            if (/!\s*important/.test(value) === important)
              won.set(name, value.replace(/\s*!\s*important/, ''));
      return won;
    },
  };
}

/** Names and values in lower case. */
export function declarationsOf(text: string): [string, string][] {
  return text
    .slice(0, 20_000)
    .split(';')
    .flatMap((declaration): [string, string][] => {
      const colon = declaration.indexOf(':');
      if (colon < 0) return [];
      return [
        [
          declaration.slice(0, colon).trim().toLowerCase(),
          declaration
            .slice(colon + 1)
            .trim()
            .toLowerCase(),
        ],
      ];
    });
}

/** Selector and body of each rule that counts on a screen; what is meant for print or narrow screens does not. */
function* rulesOf(source: string, sheet: { partly: boolean }, depth = 0): Generator<[string, string]> {
  const text = source.slice(0, 1_000_000).replace(/\/\*[\s\S]*?(?:\*\/|$)|<!--|-->/g, ' ');
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{', at);
    const head = text.slice(at, open < 0 ? text.length : open);
    const statement = /^\s*@[^;]*;/.exec(head)?.[0];
    if (statement !== undefined) {
      if (/^\s*@import/i.test(statement)) sheet.partly = true;
      at += statement.length;
      continue;
    }
    if (open < 0) return;
    const close = closing(text, open);
    const body = text.slice(open + 1, close);
    const selectors = head.replace(/^[^}]*}/, '').trim();
    if (!selectors.startsWith('@')) yield [selectors, body];
    else if (/^@media\s+(?:only\s+)?(?:screen|all)$/i.test(selectors) && depth < 3)
      yield* rulesOf(body, sheet, depth + 1);
    else if (/^@(?:media|supports|layer|container)/i.test(selectors) && !/\bprint\b/i.test(selectors))
      sheet.partly = true;
    at = close + 1;
  }
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 123) depth++;
    else if (code === 125 && --depth === 0) return at;
  }
  return text.length;
}

function compoundsOf(selector: string): Compound[] | undefined {
  const text = selector.trim().toLowerCase();
  if (text === '' || text.length > 500 || /[^\w\s.#>*-]/.test(text)) return undefined;
  const compounds: Compound[] = [];
  let child = false;
  for (const word of text.replace(/>/g, ' > ').split(/\s+/)) {
    if (word === '>') {
      child = true;
      continue;
    }
    const match = /^(\*|[a-z][\w-]*)?((?:[.#][\w-]+)*)$/.exec(word);
    if (!match) return undefined;
    const marks = match[2]?.match(/[.#][\w-]+/g) ?? [];
    compounds.push({
      ...(match[1] !== undefined && match[1] !== '*' && { name: match[1] }),
      ids: marks.filter((mark) => mark.startsWith('#')).map((mark) => mark.slice(1)),
      classes: marks.filter((mark) => mark.startsWith('.')).map((mark) => mark.slice(1)),
      child,
    });
    child = false;
  }
  return compounds.length > 0 && compounds.length <= 12 ? compounds : undefined;
}

/** Specificity: ids before classes before types. */
const weightOf = (compounds: readonly Compound[]): number =>
  compounds.reduce(
    (sum, { name, ids, classes }) =>
      sum + ids.length * 10_000 + classes.length * 100 + (name === undefined ? 0 : 1),
    0,
  );

function fits(
  compounds: readonly Compound[],
  path: readonly CssElement[],
  rule: number,
  element: number,
): boolean {
  const compound = compounds[rule];
  const one = path[element];
  if (!compound) return true;
  if (!one || !fitsOne(compound, one)) return false;
  if (rule === 0) return true;
  if (compound.child) return fits(compounds, path, rule - 1, element - 1);
  // The nearest fitting ancestor is tried, and no other: enough but for selectors that mix `>` and spaces oddly.
  const before = compounds[rule - 1] as Compound;
  for (let at = element - 1; at >= 0; at--) {
    const ancestor = path[at];
    if (ancestor && fitsOne(before, ancestor)) return fits(compounds, path, rule - 1, at);
  }
  return false;
}

const fitsOne = ({ name, ids, classes }: Compound, element: CssElement): boolean =>
  (name === undefined || name === element.name) &&
  ids.every((id) => id === element.id) &&
  classes.every((one) => element.classes.includes(one));
