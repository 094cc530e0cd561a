import { join } from 'node:path';
import { Document } from '../files.js';
import type { Person } from '../person.js';
import { streetLine } from '../residences.js';
import { compare } from '../text.js';
import { DAY, iso } from '../time.js';
import type { World } from '../world.js';

interface Application {
  person: Person;
  id: string;
  given: string;
  family: string;
  at: number;
  duplicate: boolean;
}

/** Greenhouse's candidates, as the Harvest API lists them: everybody who applied in the last years. */
export async function writeGreenhouse(world: World, folder: string): Promise<void> {
  const applications: Application[] = [];
  for (const person of world.people) {
    if (person.candidateId && person.appliedAt !== undefined) {
      applications.push({
        person,
        id: person.candidateId,
        given: person.given,
        family: person.renamed?.from ?? person.family,
        at: person.appliedAt,
        duplicate: false,
      });
    }
    for (const other of person.duplicates) {
      if (other.kind === 'candidate' && other.id && other.appliedAt !== undefined)
        applications.push({
          person,
          id: other.id,
          given: other.given,
          family: other.family,
          at: other.appliedAt,
          duplicate: true,
        });
    }
  }
  applications.sort((a, b) => a.at - b.at || compare(a.id, b.id));
  const document = new Document(join(folder, 'greenhouse', 'candidates.json'), '[', ']');
  for (const application of applications) {
    document.record(JSON.stringify(candidate(world, application)));
    await document.drain();
  }
  await document.close();
}

function candidate(world: World, { person, id, given, family, at, duplicate }: Application): object {
  const random = world.random('candidate', person.index, at);
  const applied = person.moved && at < person.moved.at ? person.moved.from : person.home;
  const { city } = applied.address;
  const status = duplicate ? 'rejected' : person.applicationStatus;
  const decided = status === 'active' ? null : iso(Math.min(at + random.int(9, 33) * DAY, world.asOf));
  const phone = writtenPhone(person.phone, random.int(0, 4));
  const number = Number(id);
  const [recruiterId, recruiter] = random.pick(recruiters);
  const file =
    `${given}_${family}_${random.pick(['Resume', 'CV', 'resume_2026', 'Resume (1)'])}.pdf`.replaceAll(
      ' ',
      '_',
    );
  const attachments = [
    {
      filename: file,
      url: `https://files.example.com/attachments/${id}/${encodeURIComponent(file)}`,
      type: 'resume',
      created_at: iso(at),
    },
  ];
  return {
    id: number,
    first_name: given,
    last_name: family,
    company: null,
    title: null,
    created_at: iso(at),
    updated_at: decided ?? iso(Math.min(at + 3 * DAY, world.asOf)),
    last_activity: decided ?? iso(Math.min(at + 3 * DAY, world.asOf)),
    is_private: false,
    photo_url: null,
    attachments,
    application_ids: [number + 15_000_000],
    phone_numbers: [{ value: phone, type: 'mobile' }],
    addresses: random.chance(0.6)
      ? [
          {
            value: `${streetLine(applied.address)}\n${city.name}, ${city.region} ${applied.address.postal}`,
            type: 'home',
          },
        ]
      : [],
    email_addresses: [
      {
        value: random.chance(0.1) ? capitalised(person.personalEmail) : person.personalEmail,
        type: 'personal',
      },
    ],
    website_addresses: [],
    social_media_addresses: [],
    recruiter: {
      id: recruiterId,
      first_name: recruiter.split(' ')[0],
      last_name: recruiter.split(' ')[1],
      name: recruiter,
      employee_id: null,
    },
    coordinator: null,
    can_email: true,
    tags: [],
    applications: [
      {
        id: number + 15_000_000,
        candidate_id: number,
        prospect: false,
        applied_at: iso(at),
        rejected_at: status === 'rejected' ? decided : null,
        last_activity_at: decided ?? iso(at),
        location: {
          address: `${city.name}, ${city.regionName}, ${city.country === 'US' ? 'USA' : city.country}`,
        },
        source: {
          id: 16,
          public_name: random.pick([
            'LinkedIn (Prospecting)',
            'Jobs page on your website',
            'Referral',
            'Indeed',
          ]),
        },
        credited_to: null,
        rejection_reason:
          status === 'rejected'
            ? { id: 9504, name: 'Hired another candidate', type: { id: 1, name: 'We rejected them' } }
            : null,
        jobs: [{ id: 149_000 + ((person.title.length * 37) % 900), name: person.title }],
        status,
        current_stage:
          status === 'active'
            ? {
                id: 1_073_533,
                name: random.pick(['Application Review', 'Phone Interview', 'Take Home Test']),
              }
            : null,
        answers: [{ question: 'Are you authorised to work where you live?', answer: 'Yes' }],
        attachments: [],
      },
    ],
    educations: [],
    employments: [],
    linked_user_ids: [],
    custom_fields: { work_remotely: true },
  };
}

const recruiters = [
  [92_120, 'Robin Castellan'],
  [92_121, 'Jules Amberley'],
  [92_122, 'Noor Fenwick'],
] as const;

/** One number, as different people type it. */
export function writtenPhone(number: string, style: number): string {
  if (!number.startsWith('+1') || number.length !== 12)
    return style % 2 === 0 ? number : `${number.slice(0, 3)} ${number.slice(3)}`;
  const [area, exchange, line] = [number.slice(2, 5), number.slice(5, 8), number.slice(8)];
  return [
    `+1 ${area}-${exchange}-${line}`,
    `(${area}) ${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    number,
    `${area}-${exchange}-${line}`,
  ][style % 5] as string;
}

function capitalised(address: string): string {
  return address.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
