/**
 * What a linter says of a rule beyond errors: allowed, but not as the specification recommends, or likely a
 * slip. One function a check; each has a name that can be switched off.
 *
 * Source: Sigma specification 2.1.0 and its appendices (tags, modifiers), SigmaHQ conventions.
 */
import type { Location } from '../errors.js';
import { matchingNames } from '../parse/detection.js';
import { many, parsePattern } from '../pattern.js';
import type { Condition, Detection, DetectionItem, DetectionRule, FilterRule, SigmaRule } from '../rule.js';

export interface Finding {
  readonly at: Location;
  readonly message: string;
}

export interface Check {
  readonly name: string;
  /** What it looks for, for the list of checks. */
  readonly about: string;
  readonly find: (rule: SigmaRule) => Iterable<Finding>;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const tag = /^[a-z0-9_-]+\.[a-z0-9._-]+$/;
const oldTag = /^attack\.[a-z]+_[a-z_]+$/;

/** A check of the head of a rule: one message or none. */
function head(name: string, about: string, say: (rule: SigmaRule) => string | undefined): Check {
  return {
    name,
    about,
    *find(rule) {
      const message = say(rule);
      if (message !== undefined) yield { at: rule.at, message };
    },
  };
}

function detecting(rule: SigmaRule): rule is DetectionRule | FilterRule {
  return rule.kind !== 'correlation';
}

/** A check of every item of every search identifier. */
function items(name: string, about: string, say: (item: DetectionItem) => Iterable<Finding>): Check {
  return {
    name,
    about,
    *find(rule) {
      if (!detecting(rule)) return;
      for (const detection of rule.detections.values())
        for (const item of itemsOf(detection)) yield* say(item);
    },
  };
}

function* itemsOf(detection: Detection): Generator<DetectionItem> {
  if (detection.kind === 'item') yield detection;
  else for (const item of detection.items) yield* itemsOf(item);
}

export const checks: readonly Check[] = [
  head('id-missing', 'a rule without an id cannot be told from others', ({ id }) =>
    id === undefined ? 'give the rule an "id": a random UUID' : undefined,
  ),
  head('id-uuid', 'an id that is no UUID', ({ id }) =>
    id !== undefined && !uuid.test(id) ? `the id "${id}" is no UUID in lower case` : undefined,
  ),
  head('title-form', 'a title that ends in a full stop or says "detects"', ({ title }) =>
    /\.$/.test(title) || /^detects /i.test(title)
      ? 'a title is a short name: no full stop, no "Detects"'
      : undefined,
  ),
  head('title-long', 'a title too long for a list', ({ title }) =>
    title.length > 110 && title.length <= 256
      ? `the title has ${title.length} characters: 110 is plenty`
      : undefined,
  ),
  head('description-missing', 'a rule nobody explained', (rule) =>
    rule.kind !== 'filter' && (rule.description ?? '').trim() === '' ? 'add a "description"' : undefined,
  ),
  head('description-short', 'a description that says nothing', ({ description }) =>
    description !== undefined && description.trim() !== '' && description.trim().length < 16
      ? 'the description has fewer than 16 characters'
      : undefined,
  ),
  head('status-missing', 'no status', (rule) =>
    rule.kind === 'detection' && rule.status === undefined ? 'add a "status"' : undefined,
  ),
  head('level-missing', 'no level', (rule) =>
    rule.kind !== 'filter' && rule.level === undefined ? 'add a "level"' : undefined,
  ),
  head('author-missing', 'no author', (rule) =>
    rule.kind === 'detection' && rule.author === undefined ? 'add an "author"' : undefined,
  ),
  head('date-missing', 'no date', (rule) =>
    rule.kind === 'detection' && rule.date === undefined ? 'add a "date"' : undefined,
  ),
  head('modified-before-date', 'changed before it was written', ({ date, modified }) =>
    date !== undefined && modified !== undefined && modified < date
      ? `"modified" (${modified}) is before "date" (${date})`
      : undefined,
  ),
  head('falsepositives-missing', 'a rule of some weight that names no innocent reading', (rule) =>
    rule.kind === 'detection' && rule.falsepositives.length === 0 && rule.level !== 'informational'
      ? 'add "falsepositives": what honest activity looks like this?'
      : undefined,
  ),
  {
    name: 'tag-form',
    about: 'tags that tools will not understand',
    *find({ tags, at }) {
      const seen = new Set<string>();
      for (const one of tags) {
        if (!tag.test(one))
          yield { at, message: `the tag "${one}" is not of the form namespace.name in lower case` };
        else if (oldTag.test(one))
          yield { at, message: `the tag "${one}" is written with dashes since version 2` };
        if (seen.has(one)) yield { at, message: `the tag "${one}" stands twice` };
        seen.add(one);
      }
    },
  },
  {
    name: 'identifier-unused',
    about: 'a search identifier no condition uses',
    *find(rule) {
      if (!detecting(rule)) return;
      const used = new Set<string>();
      for (const condition of rule.conditions) collectNames(condition, rule, used);
      for (const [name, detection] of rule.detections) {
        if (!used.has(name)) yield { at: detection.at, message: `no condition uses "${name}"` };
      }
    },
  },
  {
    name: 'all-of-them',
    about: '"all of them" keeps others from adding filters',
    *find(rule) {
      if (!detecting(rule)) return;
      for (const condition of rule.conditions) {
        for (const part of parts(condition)) {
          if (part.kind === 'of' && part.quantifier === 'all' && part.pattern.toLowerCase() === 'them') {
            yield {
              at: part.at,
              message: 'write "all of selection*": "all of them" leaves no room for filters',
            };
          }
        }
      }
    },
  },
  items('value-twice', 'a value that stands twice in one list', function* (item) {
    const seen = new Set<string>();
    for (const { value, at } of item.values) {
      const key = typeof value === 'string' ? value.toLowerCase() : String(value);
      if (seen.has(key) && !item.modifiers.includes('cased') && !item.modifiers.includes('re')) {
        yield { at, message: `"${String(value)}" stands twice (case does not matter)` };
      }
      seen.add(key);
    }
  }),
  items(
    'wildcard-for-modifier',
    'wildcards at the ends of a value where a modifier says it better',
    function* (item) {
      if (item.field === null || item.modifiers.some((name) => name !== 'all' && name !== 'neq')) return;
      for (const { value, at } of item.values) {
        if (typeof value !== 'string') continue;
        const pattern = parsePattern(value);
        if (pattern.length < 2 || pattern.filter((part) => typeof part === 'string').length !== 1) continue;
        const [start, end] = [pattern[0] === many, pattern.at(-1) === many];
        const modifier = start && end ? 'contains' : start ? 'endswith' : end ? 'startswith' : undefined;
        if (modifier !== undefined && pattern.every((part) => typeof part === 'string' || part === many)) {
          yield { at, message: `write "${item.field}|${modifier}" without the wildcards` };
        }
      }
    },
  ),
  items(
    'wildcard-useless',
    'a wildcard at an end where the modifier already allows anything',
    function* (item) {
      const open = {
        start: item.modifiers.includes('contains') || item.modifiers.includes('endswith'),
        end: item.modifiers.includes('contains') || item.modifiers.includes('startswith'),
      };
      if (item.modifiers.includes('re')) return;
      for (const { value, at } of item.values) {
        if (typeof value !== 'string') continue;
        const pattern = parsePattern(value);
        if (
          (open.start && pattern[0] === many) ||
          (open.end && pattern.length > 1 && pattern.at(-1) === many)
        ) {
          yield { at, message: `the wildcard at the end of "${value}" changes nothing` };
        }
      }
    },
  ),
  items('value-empty', 'an empty value with a modifier that makes it match anything', function* (item) {
    if (!item.modifiers.some((name) => name === 'contains' || name === 'startswith' || name === 'endswith'))
      return;
    for (const { value, at } of item.values) {
      if (value === '') yield { at, message: 'an empty value fits every value of the field' };
    }
  }),
  items('value-space', 'space at the ends of a value that must match whole', function* (item) {
    if (item.modifiers.length > 0) return;
    for (const { value, at } of item.values) {
      if (typeof value === 'string' && value !== '' && value.trim() !== value) {
        yield { at, message: `"${value}" begins or ends with a space` };
      }
    }
  }),
  items('field-space', 'a field name with a space in it', function* (item) {
    if (item.field !== null && /^\s|\s$/.test(item.field)) {
      yield { at: item.at, message: `the field "${item.field}" begins or ends with a space` };
    }
  }),
  items('regex-plain', 'a regular expression that a plain value would express', function* (item) {
    if (!item.modifiers.includes('re')) return;
    for (const { value, at } of item.values) {
      if (typeof value === 'string' && /^[\w \-:/@]+$/.test(value)) {
        yield { at, message: `"${value}" is plain text: "contains" with "cased" says the same` };
      }
    }
  }),
  {
    name: 'correlation-group',
    about: 'a correlation that counts everybody together',
    *find(rule) {
      if (rule.kind === 'correlation' && rule.groupBy.length === 0) {
        yield {
          at: rule.at,
          message: 'without "group-by" events of all users and hosts are counted together',
        };
      }
    },
  },
  {
    name: 'correlation-always',
    about: 'a threshold that one event meets',
    *find(rule) {
      if (rule.kind !== 'correlation' || (rule.type !== 'event_count' && rule.type !== 'value_count')) return;
      const one = rule.thresholds.every(({ op, value }) =>
        op === 'gte'
          ? value <= 1
          : op === 'gt'
            ? value < 1
            : op === 'eq'
              ? value === 1
              : op === 'lte' || op === 'lt'
                ? 1 < value
                : false,
      );
      if (one && rule.thresholds.length > 0) {
        yield { at: rule.at, message: 'one event meets this threshold: the correlation adds nothing' };
      }
    },
  },
  {
    name: 'correlation-field-unnamed',
    about: 'aliases for rules without a name',
    *find(rule) {
      if (rule.kind !== 'correlation') return;
      for (const [alias, fields] of rule.aliases) {
        const lacking = rule.rules.filter(({ ref }) => !fields.has(ref));
        if (lacking.length > 0) {
          yield {
            at: rule.at,
            message: `the alias "${alias}" says nothing of ${lacking.map(({ ref }) => `"${ref}"`).join(', ')}`,
          };
        }
      }
    },
  },
];

function* parts(condition: Condition): Generator<Condition> {
  yield condition;
  if (condition.kind === 'not') yield* parts(condition.arg);
  else if (condition.kind === 'and' || condition.kind === 'or')
    for (const arg of condition.args) yield* parts(arg);
}

function collectNames(condition: Condition, rule: DetectionRule | FilterRule, used: Set<string>): void {
  for (const part of parts(condition)) {
    if (part.kind === 'name') used.add(part.name);
    else if (part.kind === 'of')
      for (const name of matchingNames(rule.detections.keys(), part.pattern)) used.add(name);
  }
}
