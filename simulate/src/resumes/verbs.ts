/** Past tense and participle in -ing, from the form a dictionary has. Only the first word changes: "set up", "set up". */
export function past(verb: string): string {
  return inflect(verb, (word) => irregular[word] ?? regularPast(word));
}

export function gerund(verb: string): string {
  return inflect(verb, (word) => {
    if (/ie$/.test(word)) return `${word.slice(0, -2)}ying`;
    if (/[^eoy]e$/.test(word)) return `${word.slice(0, -1)}ing`;
    return `${doubled(word)}ing`;
  });
}

function regularPast(word: string): string {
  if (word.endsWith('e')) return `${word}d`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ied`;
  return `${doubled(word)}ed`;
}

function doubled(word: string): string {
  return doubling.has(word) ? word + word.slice(-1) : word;
}

function inflect(verb: string, form: (word: string) => string): string {
  const space = verb.indexOf(' ');
  return space < 0 ? form(verb) : form(verb.slice(0, space)) + verb.slice(space);
}

const doubling = new Set([
  'cut',
  'set',
  'ship',
  'plan',
  'run',
  'trim',
  'put',
  'debug',
  'map',
  'spot',
  'swap',
  'scrap',
  'get',
  'drop',
  'transfer',
  'slim',
]);

const irregular: Record<string, string> = {
  bring: 'brought',
  build: 'built',
  catch: 'caught',
  choose: 'chose',
  cut: 'cut',
  draw: 'drew',
  deal: 'dealt',
  drive: 'drove',
  find: 'found',
  get: 'got',
  give: 'gave',
  go: 'went',
  grow: 'grew',
  hold: 'held',
  keep: 'kept',
  lay: 'laid',
  lead: 'led',
  make: 'made',
  put: 'put',
  rebuild: 'rebuilt',
  rewrite: 'rewrote',
  redo: 'redid',
  run: 'ran',
  set: 'set',
  shrink: 'shrank',
  speed: 'sped',
  split: 'split',
  take: 'took',
  teach: 'taught',
  write: 'wrote',
};
