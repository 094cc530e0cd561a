// Made-up people and résumés by number: the same number, the same person.
import { createHash } from 'node:crypto';
import { Random } from '../../simulate/dist/random.js';
import { drawIdentity, drawTemplate, makeResume, resumeText } from '../../simulate/dist/resumes/index.js';

const identityOf = (number) => drawIdentity(new Random('check', 'identity', number));

/** A person as the index keeps them. One in a hundred shares the phone of the one before. */
export function personOf(number) {
  const { name, contacts } = identityOf(number);
  const phone = number % 100 === 99 ? number - 1 : number;
  return {
    id: `p${number}`,
    name: `${name.given} ${name.family}`,
    stage: 'applicant',
    values: [
      value('email', `${contacts.email.replace('@', `.${number}@`)}`),
      value('phone', `+1${String(2_000_000_000 + (phone % 7_000_000_000))}`),
      value(
        'address',
        `${1 + (number % 9_000)} ${contacts.city.toLowerCase()} road unit ${Math.floor(number / 9_000)}`,
      ),
    ],
    documents: [createHash('sha256').update(`document ${number}`).digest('hex')],
  };
}

const value = (kind, text) => ({ kind, value: text, label: text, context: 'application' });

export function resumeOf(number) {
  const random = new Random('check', 'resume', number);
  return makeResume(random, { identity: identityOf(number) });
}

export function textOf(number) {
  return resumeText(resumeOf(number), drawTemplate(new Random('check', 'layout', number)).layout);
}
