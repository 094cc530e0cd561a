const a = 97;
const e = 101;
const g = 103;
const i = 105;
const l = 108;
const n = 110;
const o = 111;
const r = 114;
const s = 115;
const t = 116;
const u = 117;
const y = 121;
const z = 122;
const d = 100;
const m = 109;

function vowel(unit: number | undefined): boolean {
  return unit === a || unit === e || unit === i || unit === o || unit === u || unit === y;
}

function hasVowel(word: Uint16Array, length: number): boolean {
  for (let at = 0; at < length; at++) if (vowel(word[at])) return true;
  return false;
}

/** Undoes a doubled consonant, as in "plann(ed)". */
function undouble(word: Uint16Array, length: number): number {
  const last = word[length - 1];
  const doubled =
    length > 3 && last === word[length - 2] && !vowel(last) && last !== l && last !== s && last !== z;
  return doubled ? length - 1 : length;
}

/**
 * Cuts English endings off a lower-case word, in place, and returns the new length: "automated", "automates" and
 * "automation" become one. Lighter than Porter's stemmer. Words that have letters outside a–z pass through.
 */
export function stem(word: Uint16Array, length: number): number {
  if (length < 4) return length;
  for (let at = 0; at < length; at++) {
    const unit = word[at] as number;
    if (unit < a || unit > z) return length;
  }
  let end = length;
  const at = (back: number) => word[end - back];

  if (at(1) === s && at(2) !== s && at(2) !== u && at(2) !== i) {
    end -= 1;
    if (at(1) === e && at(2) === i && end > 4) {
      end -= 1;
      word[end - 1] = y;
    } else if (at(1) === e && at(2) === s && at(3) === s) end -= 1;
  }
  if (end > 4 && at(1) === d && at(2) === e && hasVowel(word, end - 2)) {
    end -= 2;
    if (at(1) === i) word[end - 1] = y;
    else end = undouble(word, end);
  } else if (end > 5 && at(1) === g && at(2) === n && at(3) === i && hasVowel(word, end - 3)) {
    end = undouble(word, end - 3);
  }
  if (end > 6 && at(1) === y && at(2) === l) end -= 2;
  if (end > 7 && at(1) === l && at(2) === a && at(3) === n && at(4) === o && at(5) === i) end -= 2;
  if (end > 7 && at(1) === n && at(2) === o && at(3) === i && (at(4) === t || at(4) === s)) end -= 3;
  if (end > 4 && at(1) === e) end -= 1;
  if (end > 6 && at(1) === t && at(2) === a) end -= 2;
  if (end > 7 && at(1) === t && at(2) === n && at(3) === e && at(4) === m) end -= 4;
  if (end > 4 && at(1) === e) end -= 1;
  if (end > 6 && at(1) === r && at(2) === u && at(3) === o) {
    word[end - 2] = r;
    end -= 1;
  }
  if (end > 5 && at(1) === s && at(2) === i) word[end - 1] = z;
  if (end > 3 && at(1) === y && !vowel(at(2))) word[end - 1] = i;
  return end;
}
