/**
 * Long work over a hundred thousand people in slices, so that whoever asks for a page meanwhile is answered. Work is a
 * generator that yields now and then; it can be done at once too, where somebody waits for what it makes.
 */

export type Steps<T> = Generator<void, T, void>;

/** Milliseconds at a stretch: an answer waits for that long at most. */
const slice = 8;

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  const pause = pauses();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause();
  }
}

/** For loops that wait anyway: lets others have their turn where the last was a slice ago. */
export function pauses(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < slice) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
