/** Every setting that an administrator may change here: what it is called, what it may be, and what it is at first. */
import { keepDays } from '../../intake/keep.js';
import { Refusal } from '../../model/refusal.js';
import { reminderSetting } from '../reminders/setting.js';

interface Common {
  /** As it is kept: `AREA.WHAT`. */
  key: string;
  title: string;
  /** What changes with it, in a sentence. */
  about: string;
}

export type Setting =
  | (Common & { kind: 'yes-no'; fallback: boolean })
  | (Common & {
      kind: 'number';
      fallback: number;
      min: number;
      max: number;
      unit: string;
      /** How much of what is kept makes one of the unit: bytes, for gibibytes. */
      times?: number;
    });

export const settingList: readonly Setting[] = [
  {
    key: 'access.second-factor',
    title: 'A second factor is needed',
    about:
      'Whoever signs in with a password also shows a code or a passkey. Without one, an account opens nothing but its own page until it has set one up.',
    kind: 'yes-no',
    fallback: true,
  },
  {
    key: 'access.idle-minutes',
    title: 'Signed out when idle',
    about: 'After this long without anything done, one has to sign in again; after 12 hours in any case.',
    kind: 'number',
    fallback: 60,
    min: 5,
    max: 480,
    unit: 'minutes',
  },
  {
    key: 'cases.two-to-open',
    title: 'Two people open a case',
    about:
      'Before anybody is seen by name in a new case, somebody of HR or counsel says yes to the reason that was given.',
    kind: 'yes-no',
    fallback: false,
  },
  {
    key: reminderSetting.key,
    title: 'Mail about what is late',
    about:
      'Whoever has something late or due today gets one mail a day that says how much, and nothing of whom. It takes a mail server, named when the server is started.',
    kind: 'yes-no',
    fallback: reminderSetting.fallback,
  },
  {
    key: keepDays.key,
    title: 'What was handed in is kept',
    about:
      'After its records are in the lake, what was uploaded or handed in stays for this long, so that it can be read again.',
    kind: 'number',
    fallback: keepDays.days,
    min: 1,
    max: 3650,
    unit: 'days',
  },
  {
    key: 'sources.largest-file',
    title: 'Largest file',
    about: 'A file that is larger is not taken when it is uploaded.',
    kind: 'number',
    fallback: 4,
    min: 1,
    max: 64,
    unit: 'GiB',
    times: 2 ** 30,
  },
  {
    key: 'intake.backlog-bytes',
    title: 'Most that may wait to be scanned',
    about: 'While more than this waits, programs that hand in are asked to come again later.',
    kind: 'number',
    fallback: 1,
    min: 1,
    max: 64,
    unit: 'GiB',
    times: 2 ** 30,
  },
];

/** A value as it is kept, and as it is shown. */
export function kept(setting: Setting, value: boolean | number): boolean | number {
  return setting.kind === 'number' ? (value as number) * (setting.times ?? 1) : value;
}

export function shown(setting: Setting, value: boolean | number): boolean | number {
  return setting.kind === 'number' ? (value as number) / (setting.times ?? 1) : value;
}

/** The setting of a key with a value that it may have. */
export function checkedSetting(key: string, value: unknown): Setting {
  const setting = settingList.find((one) => one.key === key);
  if (!setting) throw new Refusal(404, 'NOT_FOUND', 'there is no such setting');
  const good =
    setting.kind === 'yes-no'
      ? typeof value === 'boolean'
      : typeof value === 'number' && Number.isInteger(value) && value >= setting.min && value <= setting.max;
  if (!good)
    throw new Refusal(
      422,
      'SETTING_INVALID',
      setting.kind === 'yes-no'
        ? `${setting.title}: yes or no`
        : `${setting.title}: a whole number of ${setting.unit} from ${setting.min} to ${setting.max}`,
    );
  return setting;
}
