const cut = new Map<string, string[]>();

/** `template` with each `{slot}` replaced by what `value` gives for it. */
export function fill(template: string, value: (slot: string) => string): string {
  let parts = cut.get(template);
  if (!parts) {
    parts = template.split(/[{}]/);
    cut.set(template, parts);
  }
  let text = parts[0] ?? '';
  for (let i = 1; i + 1 < parts.length; i += 2) text += value(parts[i] as string) + parts[i + 1];
  return text;
}

/** First letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a" or "an". */
export function article(noun: string): string {
  return /^[aeio]|^u(?!ni|se|p[s ])/i.test(noun) ? 'an' : 'a';
}

/** Several of a noun; one that ends in s stays. */
export function plural(noun: string): string {
  if (noun.endsWith('s')) return noun;
  if (/[^aeou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(ch|sh|x)$/.test(noun) ? `${noun}es` : `${noun}s`;
}
