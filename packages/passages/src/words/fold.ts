/** Cyrillic and Greek letters that look like a Latin one. Only used inside words that also have Latin letters. */
const lookalikes = new Map<string, string>(
  [...'аaеeоoрpсcуyхxіiѕsјjкkмmтtвbнhαaεeοoρpτtυuνvιiκkωwηn'].reduce<[string, string][]>(
    (pairs, letter, at, all) => {
      if (at % 2 === 0) pairs.push([letter, all[at + 1] as string]);
      return pairs;
    },
    [],
  ),
);

/**
 * The form of a word that is compared: compatibility forms, accents, invisible characters and letters borrowed from
 * another alphabet for their looks are undone.
 */
export function fold(word: string): string {
  const plain = word
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  if (!/[a-z]/.test(plain) || !/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(plain)) return plain;
  return [...plain].map((letter) => lookalikes.get(letter) ?? letter).join('');
}
