/** Which passwords are taken: long ones that are not what everybody, or whoever knows the address, tries first. */
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { Refusal } from '../model/refusal.js';

export const shortest = 12;
/** Longer ones only cost time to hash. */
export const longest = 128;

/** Words that common passwords are made of; a password that is nothing but these, digits and signs is refused. */
const common = [
  'password',
  'passwort',
  'passphrase',
  'welcome',
  'letmein',
  'qwertyuiop',
  'qwertzuiop',
  'qwerty',
  'asdfghjkl',
  'asdf',
  'zxcvbnm',
  'iloveyou',
  'administrator',
  'admin',
  'changeme',
  'secret',
  'default',
  'rollcall',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'superman',
  'trustno',
  'master',
  'login',
  'hello',
  'test',
  'user',
  'abcdef',
  'abc',
  'summer',
  'winter',
  'spring',
  'autumn',
  'company',
];

/** Letters that are commonly swapped for digits and signs, swapped back. */
function plain(text: string): string {
  const swaps: Record<string, string> = {
    '0': 'o',
    '1': 'i',
    '3': 'e',
    '4': 'a',
    '5': 's',
    '7': 't',
    '@': 'a',
    $: 's',
    '!': 'i',
  };
  return text.toLowerCase().replace(/[013457@$!]/g, (sign) => swaps[sign] ?? sign);
}

/** Why a password is not taken; undefined where it is. */
export function weakness(password: string, email: string): string | undefined {
  if ([...password].length < shortest) return `a password has at least ${shortest} characters`;
  if (password.length > longest) return `a password has at most ${longest} characters`;
  if (new Set(password).size < 5) return 'this password repeats too few characters';
  if (/^(?:0123456789|1234567890|123456789)+\d*$/.test(password)) return 'this password is only a count';
  const bare = (text: string) => plain(text).replace(/[^a-z]/g, '');
  for (const text of [plain(password), password.toLowerCase()]) {
    let rest = text;
    for (const word of common) rest = rest.replaceAll(word, '');
    if (rest.replace(/[^a-z]/g, '').length < 3 && rest.length < 9)
      return 'this password is among those that are tried first';
  }
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  const parts = [local, ...local.split(/[._+-]/), domain.split('.')[0] ?? ''].filter(
    (one) => one.length >= 4,
  );
  let left = bare(password);
  let found = false;
  for (const part of parts) {
    const word = bare(part);
    if (word.length >= 4 && left.includes(word)) {
      found = true;
      left = left.replaceAll(word, '');
    }
  }
  if (found && left.length < 8) return 'this password is close to the e-mail address';
  return undefined;
}

export function requireStrong(password: string, email: string): void {
  const why = weakness(password, email);
  if (why) throw new Refusal(422, 'PASSWORD_WEAK', `${why}; four unrelated words make a good one`);
}

export const hash = (password: string) => hashPassword(password);
export const verify = (password: string, kept: string) => verifyPassword({ password, hash: kept });
