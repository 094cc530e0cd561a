import { useEffect, useState } from 'react';
import type { Reading } from '../api.js';

/** What was read last, while the next is being read: the page stays where it is. A failure is not kept over. */
export function useKept<T>(reading: Reading<T>): { kept: T | undefined; busy: boolean } {
  const [last, setLast] = useState<T>();
  useEffect(() => {
    if (reading.state === 'ready') setLast(reading.data);
    if (reading.state === 'failed') setLast(undefined);
  }, [reading.state, reading.data]);
  if (reading.state === 'ready') return { kept: reading.data, busy: false };
  if (reading.state === 'failed') return { kept: undefined, busy: false };
  return { kept: last, busy: last !== undefined };
}
