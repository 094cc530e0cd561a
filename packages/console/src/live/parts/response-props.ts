import type { ResponseView } from '@rollcall/server/areas/response/words.js';

/** The state in the address of a case. */
export type CaseQuery = Readonly<Record<string, string>>;

/** What the parts about one person of a case are given. */
export interface PersonPart {
  caseId: string;
  data: ResponseView;
  person: ResponseView['people'][number];
  query: CaseQuery;
}
