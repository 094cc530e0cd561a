/**
 * How a list is asked for. An address is kept by every proxy on the way, so it carries only what can name nobody: pages,
 * days, one of a few choices. Whatever takes words is read from a header, written as it would stand in an address.
 */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Refusal } from '../model/refusal.js';

/** `q=Ada+Example&stage=applicant`. */
export const queryHeader = 'x-rollcall-query';

/** A field that takes this takes anybody's name. */
const aName = 'Ada Example';

export interface Query {
  /** The fields that an address may carry. */
  inAddress: z.ZodObject;
  /** The header, where any field is kept out of addresses. */
  headers?: z.ZodObject;
  /** The names of those. */
  words: readonly string[];
  read(context: Context): unknown;
}

export function queryOf(schema: z.ZodObject): Query {
  const fields = Object.entries(schema.shape);
  const takesWords = (field: unknown) => (field as z.ZodType).safeParse(aName).success;
  const words = fields.filter(([, field]) => takesWords(field)).map(([name]) => name);
  return {
    inAddress: z.object(Object.fromEntries(fields.filter(([name]) => !words.includes(name)))),
    ...(words.length > 0
      ? {
          headers: z.object({
            [queryHeader]: z
              .string()
              .max(8000)
              .optional()
              .openapi({
                description: `Takes words, so it is no part of the address: ${words.join(', ')}. Written as a query string, UTF-8, percent-encoded; fields of the address may stand here too.`,
                example: `${words[0]}=Ada+Example`,
              }),
          }),
        }
      : {}),
    words,
    read: (context) => {
      const address = context.req.query();
      const told = words.find((name) => address[name] !== undefined);
      if (told !== undefined)
        throw new Refusal(
          400,
          'WORDS_IN_ADDRESS',
          `send “${told}” in the header ${queryHeader}: addresses are kept in logs on the way`,
        );
      const header = new URLSearchParams(context.req.header(queryHeader) ?? '');
      const read = schema.safeParse({ ...address, ...Object.fromEntries(header) });
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      const where = issue?.path.join('.') ?? '';
      throw new Refusal(
        400,
        'INPUT_INVALID',
        `${where ? `${where}: ` : ''}${issue?.message ?? 'not as expected'}`,
      );
    },
  };
}
