/**
 * The wall (design, section 6): what a detection may not read or derive, checked on its SQL before it may run.
 * No table has these columns; the check keeps them from coming in by a fact, a JSON path, or a user's own content.
 * It works on the words of the query and follows them through renaming. It is there to stop an idea, by whatever
 * spelling, not to outwit an author who hides one; what is too clever to be read is therefore refused as well.
 * `docs/refused-signals.md` says for each refused idea what to use instead.
 */

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** Whole words of a column, field or text that no detection may use. */
const forbiddenWords = words(`
  age dob sex race racial caste accent accents lang language languages locale ime gaze stress face facial emotion sentiment appearance
  pronoun pronouns marital pregnancy visa passport headphones headset voiceprint keystroke keystrokes orientation forename romanisation
  romanization transliteration loyalty allegiance insult keyboard spelling misspelling misspellings misspelled grammar typo typos dialect fluency fluent
  headphone earphones earbuds airpods blink blinking pupil mood graduation graduated`);

/** Forbidden wherever they occur in a word, since nothing else is spelled so. */
const forbiddenStems =
  /nationalit|citizenship|ethnic|religio|gender|birth|surname|disabilit|immigra|emotion|mothertongue|nativelang|keyboard_?layout/;

/** A keyboard is also a thing that is plugged in; as text it is only refused beside these. */
const layoutWords = words('layout layouts input language locale source');

/** Words that are only forbidden together: a school or a birth is one thing, its country another. */
const forbiddenPairs: [string, string][] = [
  ['school', 'country'],
  ['education', 'country'],
  ['university', 'country'],
  ['degree', 'country'],
  ['name', 'origin'],
  ['origin', 'country'],
  ['phone', 'country'],
  ['email', 'provider'],
  ['ai', 'written'],
  ['ai', 'generated'],
  ['ai', 'score'],
  ['machine', 'written'],
  ['eye', 'movement'],
  ['eye', 'contact'],
  ['typing', 'rhythm'],
  ['typing', 'speed'],
  ['timezone', 'offset'],
  ['tz', 'offset'],
  ['utc', 'offset'],
];

/** Peoples and parts of the world; languages are added from the platform's own list. */
const peoples = words(`
  asian african european american arab arabs latino latina hispanic slavic western westernised westernized eastern foreign foreigner
  chinese japanese korean koreans russian indian pakistani iranian nigerian filipino hangul cyrillic kanji hanzi devanagari`);

/** Functions that look inside a text. With a literal they ask for something particular in it. */
const looksInside = words(`
  regexp_matches regexp_like regexp_extract regexp_extract_all regexp_full_match regexp_replace regexp_count regexp_position regexp_split
  substr substring left right length len contains strpos position instr starts_with ends_with split_part split string_split prefix suffix
  list_contains array_position replace translate reverse levenshtein damerau_levenshtein jaro_similarity jaro_winkler_similarity jaccard
  soundex editdist3 levenshtein_distance hamming_distance word_stem trim_array`);

/** What a person's name may be put through: it stays whole, or becomes a number of people. */
const keepsNamesWhole = words(`
  lower upper trim count min max any_value arbitrary first coalesce nullif array_agg array_distinct array_sort array_join cardinality
  string_agg listagg list concat concat_ws count_if sum bool_or bool_and every if greatest least row_number rank dense_rank lag lead
  first_value last_value cast try_cast max_by min_by`);

/** Ways to write or reach a column or a text so that it cannot be read from the query. */
const hides = words(`
  chr char ascii unicode ord from_hex unhex to_hex from_base64 base64 from_utf8 to_utf8 encode decode blob columns unpivot pivot query
  query_table rename to_json row_to_json json_structure struct_pack row getvariable getenv`);

const keywords = words(`
  select distinct from where and or on group order by having then else end when case as is not in like ilike similar between union all limit
  offset desc asc nulls join left right inner outer cross full natural using over filter partition rows range except intersect with
  recursive exists any some values window qualify lateral unnest interval null true false default to preceding following unbounded current
  within lateral materialized`);

/** Words of a column or field that say where something was. */
export const placeWords: ReadonlySet<string> = words(
  'country region city geo latitude longitude lat lon lng',
);

/**
 * What is behind the wall in a field name of another rule language, or in a text it asks for. Texts are commands and
 * paths, in which short words mean something else: of them only what is unmistakable is refused.
 */
export function forbiddenIn(text: string, isText: boolean): string | undefined {
  const plain = text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/\p{L}+/gu);
  if (!plain) return undefined;
  if (/ keyboard layouts? /.test(` ${plain.join(' ')} `)) return 'keyboard layout';
  if (isText) return plain.map((word) => /nationalit|citizenship|ethnic/.exec(word)?.[0]).find(Boolean);
  return plain.find((word) => forbiddenWords.has(word)) ?? forbiddenStems.exec(plain.join('_'))?.[0];
}

const comparisons = new Set(['=', '<>', '!=', '==', '<', '>', '<=', '>=', 'in', 'between']);
const matches = new Set(['like', 'ilike', 'similar', 'glob', '~', '~~', '!~']);

/** Why a detection's SQL is refused; empty where it is not. */
export function wallProblems(sql: string): string[] {
  const problems = new Set<string>();
  const tokens = tokenise(sql, problems);
  for (const token of tokens) {
    if (token.kind === 'word') checkWord(token.text, problems);
    if (token.kind === 'text') checkText(token.text, problems);
  }
  tokens.forEach((token, i) => {
    if (token.kind !== 'word') return;
    const [before, after] = [tokens[i - 1]?.text, tokens[i + 1]?.text];
    if (token.text === 'countries' && before === '.')
      problems.add(
        'reads the list of countries: compare what was claimed with what was seen, never with a country',
      );
    if (after === '(' && (hides.has(token.text) || before === '.'))
      problems.add(`calls "${token.text}" in a way that hides what it reads: use plain functions of columns`);
    if (renamesByPosition(tokens, i))
      problems.add('names columns by position: name them where they are selected');
  });
  checkSealed(tokens, problems);
  checkSchoolDates(tokens, problems);
  return [...problems];
}

function checkWord(word: string, problems: Set<string>): void {
  const parts = word.split('_');
  const found = parts.find((part) => forbiddenWords.has(part)) ?? forbiddenStems.exec(word)?.[0];
  if (found) problems.add(`reads "${word}": ${found} is behind the wall`);
  for (const [a, b] of forbiddenPairs) {
    if (parts.includes(a) && parts.includes(b)) problems.add(`reads "${word}": behind the wall`);
  }
  if (word === 'raw') problems.add('reads "raw": a detection reads named columns only');
}

function checkText(text: string, problems: Set<string>): void {
  const plain = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const said = ` ${plain.join(' ')} `;
  const country = [...geography().countries].find((name) => said.includes(` ${name} `));
  if (country || /^[%^]*[A-Z]{2}[%$]*$/.test(text)) {
    problems.add(
      `names the country '${text}': compare what was claimed with what was seen, never with a country`,
    );
  }
  if (/^[\^%\\]*(\+|00)\\?d?\d{1,4}\b/.test(text) && !/^\d+$/.test(text)) {
    problems.add(`names the calling code '${text}': a country by another name`);
  }
  if (/^(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)\//i.test(text)) {
    problems.add(`names the time zone '${text}': a place by another name`);
  }
  if (plain.some((word) => peoples.has(word) || geography().languages.has(word))) {
    problems.add(`names a people or language: '${text}'`);
  }
  if (/^[%^]*[a-z]{2,3}[-_][A-Z]{2}[%$]*$/.test(text)) problems.add(`names a language: '${text}'`);
  if (/\\p\{|\\u[0-9a-f]/i.test(text) || /(?!\p{Script=Latin})\p{L}/u.test(text)) {
    problems.add(`asks for a script: '${text}'`);
  }
  for (const word of plain) {
    const alone = word === 'keyboard' && !plain.some((other) => layoutWords.has(other));
    if ((forbiddenWords.has(word) && !alone) || forbiddenStems.test(word)) {
      problems.add(`asks for '${text}': ${word} is behind the wall`);
    }
  }
}

/** Dates of a school tell how old somebody is; those of jobs are compared. */
function checkSchoolDates(tokens: readonly Token[], problems: Set<string>): void {
  const reads = (word: RegExp) => tokens.some(({ kind, text }) => kind === 'word' && word.test(text));
  if (
    tokens.some(({ kind, text }) => kind === 'text' && /^%?education%?$/i.test(text)) &&
    reads(/^claims$/) &&
    reads(/^(since|until|precision)$/)
  )
    problems.add('reads the dates of a school: they tell how old somebody is; compare the dates of jobs');
}

type Seal = 'name' | 'place' | 'contact' | 'coordinate';

/**
 * Sealed columns may be compared with each other but not with something the author has in mind: a name with a name,
 * a country with a country, an e-mail with an e-mail. What a column is renamed to is sealed as well.
 */
function checkSealed(tokens: readonly Token[], problems: Set<string>): void {
  const seals = sealedWords(tokens);
  // What stands before a dot is a table.
  const sealsIn = (span: readonly Token[]) => {
    const found = new Set<Seal>();
    span.forEach((token, i) => {
      const seal = token.kind === 'word' && span[i + 1]?.text !== '.' ? seals.get(token.text) : undefined;
      if (seal) found.add(seal);
    });
    return found;
  };

  tokens.forEach((token, i) => {
    const distinct =
      token.text === 'is' ? tokens.findIndex((other, at) => at > i && other.text === 'from') : -1;
    const isDistinct = distinct > i && distinct <= i + 3 && tokens[distinct - 1]?.text === 'distinct';
    if (token.kind !== 'text' && (comparisons.has(token.text) || matches.has(token.text) || isDistinct)) {
      const left = operandBefore(tokens, tokens[i - 1]?.text === 'not' ? i - 1 : i);
      const right = operandAfter(
        tokens,
        isDistinct ? distinct + 1 : tokens[i + 1]?.text === 'to' ? i + 2 : i + 1,
      );
      for (const [one, other] of [
        [left, right],
        [right, left],
      ] as const) {
        // What a subquery looks at is not what it gives.
        if (one === right && right.some((part) => part.text === 'select')) continue;
        const found = sealsIn(one);
        const alike = (seal: Seal) =>
          sealsIn(other).has(seal) || saysNothing(other) || (!isValue(one) && !lettersIn(other));
        if (found.has('name') && (matches.has(token.text) || !alike('name')))
          problems.add('looks inside a name: names may only be compared as a whole, and with each other');
        if (found.has('place') && ((matches.has(token.text) && one === left) || !alike('place')))
          problems.add('compares a place with something else: compare what was claimed with what was seen');
        if (found.has('contact') && lettersIn(other))
          problems.add(
            'looks for a text in an e-mail address, phone number or login: compare them with each other',
          );
        if (
          found.has('coordinate') &&
          isColumn(one) &&
          other.some((part) => /^0*[1-9]|^0*\.0*[1-9]/.test(part.text))
        )
          problems.add('draws a border on the map: compare the place seen with the place claimed');
      }
    }
    if (token.text === 'case' && token.kind === 'word') {
      const when = tokens.findIndex((other, at) => at > i && other.text === 'when');
      if (when > i + 1 && sealsIn(tokens.slice(i + 1, when)).size > 0 && tokens[when + 1]?.kind === 'text')
        problems.add('compares a sealed column with a text');
    }
    if (token.kind === 'other' && token.text === '[' && sealsIn(operandBefore(tokens, i)).has('name'))
      problems.add('looks inside a name: names may only be compared as a whole, and with each other');
    if (token.text === '(' && token.kind === 'other' && tokens[i - 1]?.kind === 'word') {
      const call = (tokens[i - 1] as Token).text;
      const inside = tokens.slice(i + 1, closing(tokens, i));
      const found = sealsIn(inside);
      if (
        found.has('name') &&
        !keepsNamesWhole.has(call) &&
        !keywords.has(call) &&
        !(call === 'strpos' && looksForWholeName(inside, tokens, sealsIn))
      )
        problems.add(`looks inside a name with "${call}": names may only be compared as a whole`);
      if (looksInside.has(call) && lettersIn(inside)) {
        if (found.has('place'))
          problems.add('looks for a text in a place: compare what was claimed with what was seen');
        if (found.has('contact'))
          problems.add(
            'looks for a text in an e-mail address, phone number or login: compare them with each other',
          );
      }
    }
  });
}

/** Every word that stands for something sealed, followed through renaming until nothing is added. */
function sealedWords(tokens: readonly Token[]): Map<string, Seal> {
  const seals = new Map<string, Seal>();
  const contacts = tokens.some(
    (token) => token.kind === 'text' && /^(email|phone|code_login|reference_contact)$/i.test(token.text),
  );
  for (const token of tokens) {
    if (token.kind !== 'word') continue;
    const parts = token.text.split('_');
    if (token.text === 'name') seals.set(token.text, 'name');
    else if (parts.some((part) => part === 'country' || part === 'region' || part === 'city'))
      seals.set(token.text, 'place');
    else if (parts.includes('email') || (contacts && token.text === 'value'))
      seals.set(token.text, 'contact');
    else if (parts.includes('lat') || parts.includes('lon')) seals.set(token.text, 'coordinate');
  }
  for (let size = -1; size !== seals.size; ) {
    size = seals.size;
    tokens.forEach((token, i) => {
      if (token.kind !== 'word' || seals.has(token.text) || keywords.has(token.text)) return;
      const before = tokens[i - 1];
      const named = before?.kind === 'word' && before.text === 'as' && tokens[i + 1]?.text !== '(';
      const bare =
        before !== undefined && (before.text === ')' || (before.kind === 'word' && seals.has(before.text)));
      if (!named && !bare) return;
      const item = itemBefore(tokens, named ? i - 1 : i);
      // A number of names is not a name.
      if (item[0]?.text === 'count') return;
      for (const part of item) {
        const seal = part.kind === 'word' ? seals.get(part.text) : undefined;
        if (seal && seal !== 'coordinate') seals.set(token.text, seal);
      }
    });
  }
  return seals;
}

/** The item of a select list that ends before `end`. */
function itemBefore(tokens: readonly Token[], end: number): readonly Token[] {
  let depth = 0;
  for (let i = end - 1; i >= 0; i--) {
    const { text, kind } = tokens[i] as Token;
    if (closes(tokens[i])) depth++;
    else if (opens(tokens[i])) {
      if (depth === 0) return /cast$/.test(tokens[i - 1]?.text ?? '') ? [] : tokens.slice(i + 1, end);
      depth--;
    } else if (
      depth === 0 &&
      (text === ',' || (kind === 'word' && /^(select|from|join|with|distinct)$/.test(text)))
    ) {
      return tokens.slice(i + 1, end);
    }
  }
  return tokens.slice(0, end);
}

const joins = new Set(['||', '+', '-', '*', '/', '.']);

/** The value that ends before `end`: a column, a literal, a call, or several of them joined. */
function operandBefore(tokens: readonly Token[], end: number): readonly Token[] {
  let i = end - 1;
  for (;;) {
    while (closes(tokens[i])) {
      i = opening(tokens, i);
      // `(…)[1]` and `call(…)`
      if (closes(tokens[i - 1])) i--;
      else if (tokens[i - 1]?.kind === 'word' && !keywords.has((tokens[i - 1] as Token).text)) i--;
    }
    if (i > 0 && joins.has((tokens[i - 1] as Token).text)) i -= 2;
    else return tokens.slice(Math.max(0, i), end);
  }
}

/** The value that begins at `start`. */
function operandAfter(tokens: readonly Token[], start: number): readonly Token[] {
  let i = start;
  for (;;) {
    if (tokens[i]?.text === '-') i++;
    if (tokens[i]?.kind === 'word' && opens(tokens[i + 1])) i++;
    if (opens(tokens[i])) i = closing(tokens, i);
    while (tokens[i + 1]?.text === '[') i = closing(tokens, i + 1);
    if (joins.has(tokens[i + 1]?.text ?? '')) i += 2;
    else return tokens.slice(start, i + 1);
  }
}

/**
 * `strpos(e.detail, p.name)`: whether a record names this person, such as the holder of an account. The name stays whole,
 * and what it is looked for in is a column of the record, not a list of the author's.
 */
function looksForWholeName(
  inside: readonly Token[],
  tokens: readonly Token[],
  sealsIn: (span: readonly Token[]) => Set<Seal>,
): boolean {
  let depth = 0;
  const comma = inside.findIndex((token) => {
    if (opens(token)) depth++;
    if (closes(token)) depth--;
    return depth === 0 && token.text === ',';
  });
  const record = inside.slice(0, comma);
  const made = tokens.some(
    (token, i) => /^(detail|target)$/.test(token.text) && tokens[i - 1]?.text === 'as',
  );
  return (
    !made &&
    comma > 0 &&
    sealsIn(record).size === 0 &&
    !lettersIn(record) &&
    record.every(
      (token, i) =>
        token.kind !== 'word' ||
        record[i + 1]?.text === '.' ||
        /^(lower|upper|trim|coalesce|split_part|detail|target)$/.test(token.text),
    )
  );
}

/** An empty text, a number or a truth value: nothing that could stand for somebody's origin. */
function saysNothing(span: readonly Token[]): boolean {
  return span.every((token) =>
    token.kind === 'text' ? !/[\p{L}\d]/u.test(token.text) : /^(?:[\d.-]+|true|false|null)$/.test(token.text),
  );
}

/** Whether a span still is the value of its column, and not a count or a position made from it. */
function isValue(span: readonly Token[]): boolean {
  return (
    span[1]?.text !== '(' ||
    /^(lower|upper|trim|coalesce|nullif|min|max|any_value|arbitrary|first|cast)$/.test(span[0]?.text ?? '')
  );
}

function isColumn(span: readonly Token[]): boolean {
  return span.every((token) => token.kind === 'word' || token.text === '.');
}

/** Whether a span asks for something particular: a text beyond signs and classes of signs such as `[0-9]`. */
function lettersIn(span: readonly Token[]): boolean {
  return span.some(
    (token) =>
      token.kind === 'text' &&
      /\p{L}|\d/u.test(token.text.replace(/\[\^?(?:[a-z]-[a-z]|0-9|[^\p{L}\d\]])+\]/giu, '')),
  );
}

/** `with t (a, b) as`, `from people as t (a, b)`: columns renamed by their position, which cannot be followed. */
function renamesByPosition(tokens: readonly Token[], at: number): boolean {
  const [before, word, open] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (word?.kind !== 'word' || keywords.has(word.text) || open?.text !== '(' || open.kind !== 'other')
    return false;
  const close = closing(tokens, at + 1);
  const inside = tokens.slice(at + 2, close);
  if (
    inside.length === 0 ||
    !inside.every((token, i) => (i % 2 === 0 ? token.kind === 'word' : token.text === ','))
  ) {
    return false;
  }
  if (tokens[close + 1]?.text === 'as' && tokens[close + 2]?.text === '(') return true;
  const source = before?.text === 'as' && before.kind === 'word' ? tokens[at - 2] : before;
  if (source?.text === ')') {
    const call = tokens[opening(tokens, tokens.indexOf(source)) - 1]?.text;
    return call !== 'unnest' && before?.text !== '.';
  }
  return source?.kind === 'word' && (before?.text === 'as' || !keywords.has(source.text));
}

function opens(token: Token | undefined): boolean {
  return token?.kind === 'other' && (token.text === '(' || token.text === '[');
}

function closes(token: Token | undefined): boolean {
  return token?.kind === 'other' && (token.text === ')' || token.text === ']');
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (opens(tokens[i])) depth++;
    else if (closes(tokens[i]) && --depth === 0) return i;
  }
  return tokens.length;
}

function opening(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    if (closes(tokens[i])) depth++;
    else if (opens(tokens[i]) && --depth === 0) return i;
  }
  return -1;
}

interface Token {
  kind: 'word' | 'text' | 'other';
  text: string;
}

/** Words (lower case), string literals, numbers and operators; comments are passed over. */
function tokenise(sql: string, problems: Set<string>): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /--[^\n]*|\/\*[\s\S]*?\*\/|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([A-Za-z_][A-Za-z0-9_]*)|(\d+(?:\.\d+)?)|(\|\||<>|!=|==|<=|>=|~~|!~|\S)/g;
  let end = 0;
  for (const match of sql.matchAll(pattern)) {
    const [all, text, quoted, word, number, sign] = match;
    const last = tokens.at(-1);
    if (text !== undefined) {
      // E'…', U&'…', X'…': the letters are not what they seem.
      if (match.index === end && (last?.text === '&' || (last?.kind === 'word' && last.text.length === 1)))
        problems.add('writes a text with escapes: write it plainly');
      const joined = last?.text === '||' && tokens.at(-2)?.kind === 'text' ? tokens.at(-2) : undefined;
      if (joined) {
        tokens.pop();
        joined.text += text.replaceAll("''", "'");
      } else tokens.push({ kind: 'text', text: text.replaceAll("''", "'") });
    } else if (quoted !== undefined)
      tokens.push({ kind: 'word', text: quoted.replaceAll('""', '"').toLowerCase() });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase() });
    else if (number !== undefined) tokens.push({ kind: 'other', text: number });
    else if (sign !== undefined) {
      if (/['"$\\`]|[^\x20-\x7e]/.test(sign))
        problems.add(`holds the sign ${sign}: write the query in plain SQL`);
      tokens.push({ kind: 'other', text: sign });
    }
    end = (match.index ?? 0) + all.length;
  }
  return tokens;
}

let known: { countries: Set<string>; languages: Set<string> } | undefined;

/** Names of countries and languages as the platform knows them, in English. */
function geography(): { countries: Set<string>; languages: Set<string> } {
  if (known) return known;
  const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const tongues = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  const countries = words('dprk korea usa uk america prc pyongyang');
  const languages = new Set<string>();
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (const a of letters) {
    for (const b of letters) {
      const country = regions.of((a + b).toUpperCase());
      if (country) countries.add((country.toLowerCase().match(/\p{L}+/gu) ?? []).join(' '));
      const language = tongues.of(a + b)?.toLowerCase();
      // Short names are also other words.
      if (language && /^[a-z]{5,}$/.test(language)) languages.add(language);
    }
  }
  known = { countries, languages };
  return known;
}
