import { backend } from './backend.js';
import { data } from './data.js';
import type { Field } from './field.js';
import { finance } from './finance.js';
import { frontend } from './frontend.js';
import { learning } from './learning.js';
import { platform } from './platform.js';
import { product } from './product.js';
import { quality } from './quality.js';
import { security } from './security.js';
import { support } from './support.js';

/** With how often each is met. */
export const fields: readonly (readonly [Field, number])[] = [
  [backend, 26],
  [frontend, 16],
  [data, 11],
  [learning, 8],
  [platform, 11],
  [quality, 6],
  [security, 5],
  [support, 7],
  [finance, 5],
  [product, 5],
];

export function fieldNamed(id: string): Field {
  const found = fields.find(([field]) => field.id === id);
  if (!found) throw new RangeError(`no such field: ${id}`);
  return found[0];
}
