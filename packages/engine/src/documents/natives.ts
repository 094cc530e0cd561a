/** As they are before anything replaces them: this module is loaded before pdf.js ever is. */
const natives: readonly [object, string, unknown][] = [
  [Array.prototype, 'push', Array.prototype.push],
  [JSON, 'parse', JSON.parse],
  [JSON, 'stringify', JSON.stringify],
  [Function.prototype, 'toString', Function.prototype.toString],
];

/**
 * Loads a build of pdf.js for older programs and puts back what it replaces without need: it puts slow stand-ins of its
 * own in place of these four, for the whole thread, though Node's are right. What Node 20 lacks it may keep.
 */
export async function keepingNatives<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } finally {
    for (const [owner, name, value] of natives)
      Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
